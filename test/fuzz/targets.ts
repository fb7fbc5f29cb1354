import { CONVERSATIONS } from './conversations.ts';
import { DECODERS } from './decoders.ts';
import type { Target } from './target.ts';

/** Everything that bytes of strangers are given to. */
export const TARGETS: readonly Target[] = [...DECODERS, ...CONVERSATIONS];
