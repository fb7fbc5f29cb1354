// Makes the Python environment of the tests, where it can be made and there is none yet: the benchmark, which runs in a
// network of its own, cannot.
import { pythonEnvironment } from '../environment.ts';

await pythonEnvironment();
