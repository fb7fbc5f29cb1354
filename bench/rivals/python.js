import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The environment of the tests, which `npm run bench:all` has them make: test/python/environment.ts. */
const PYTHON = fileURLToPath(
  new URL(
    '../../node_modules/.cache/cable-car-python/cable-car==1.0.1/bin/python',
    import.meta.url,
  ),
);

/** The path of a Python that has the library. */
export function pythonWithCableCar() {
  if (existsSync(PYTHON)) return PYTHON;
  throw new Error('there is no Python with cable_car, expected the one of the tests');
}
