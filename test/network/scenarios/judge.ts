import type { TalkerReport } from '../programs/talker.ts';
import type { ConversationReport } from '../talking/conversation.ts';
import type { Heard } from '../talking/heard-tally.ts';

/** What became of everything that was said. */
export interface Verdict {
  /** Messages that were said, by talkers that live. */
  readonly said: number;
  readonly heard: number;
  /** Messages that were not heard though no `close` counted them: left out, or of a conversation that goes on. */
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly damaged: number;
  /** Messages that came in a conversation with somebody else, or with another life. */
  readonly strange: number;
  /** Messages that a `close` counted as not delivered. */
  readonly undelivered: number;
}

/** What every living talker knows, and what talkers that were killed knew. */
export interface Evidence {
  readonly living: readonly TalkerReport[];
  readonly killed?: readonly TalkerReport[];
}

/** Holds what was said against what was heard, life by life. */
export function judge({ living, killed = [] }: Evidence): Verdict {
  const sum = { said: 0, heard: 0, lost: 0, doubled: 0, reordered: 0, damaged: 0, strange: 0 };
  let undelivered = 0;
  for (const { conversation, heard, isListenerKilled } of said(living, killed)) {
    const { count = 0, missing = 0 } = heard ?? {};
    const unheard = conversation.sent - count;
    const told = conversation.end?.undelivered ?? 0;
    sum.said += conversation.sent;
    undelivered += told;
    // What was left out is lost whatever was told: what is not delivered is the end of a conversation.
    if (!isListenerKilled) sum.lost += Math.max(missing, unheard - told);
    if (unheard < 0) sum.strange -= unheard;
  }
  const speakers = speakersOf([...living, ...killed]);
  for (const report of living) {
    for (const { peerId, heard } of report.conversations) {
      const lives = heard.map(({ life }) => life);
      for (const one of heard) {
        sum.heard += one.count;
        sum.doubled += one.doubled;
        sum.reordered += one.reordered;
        sum.damaged += one.damaged;
        const isExpected =
          speakers.get(one.life) === `${peerId} to ${report.id}` && lives.length === 1;
        if (!isExpected) sum.strange += one.count;
      }
    }
  }
  return { ...sum, undelivered };
}

/** Whether everything that was to be said in conversations that go on has been said and heard. */
export function isComplete({ living, killed = [] }: Evidence): boolean {
  return said(living, killed).every(
    ({ conversation, heard }) =>
      conversation.end !== undefined ||
      (conversation.isDone && conversation.sent === (heard?.count ?? 0)),
  );
}

interface Said {
  readonly conversation: ConversationReport;
  /** What its listener heard of it, if anything. */
  readonly heard: Heard | undefined;
  readonly isListenerKilled: boolean;
}

function said(living: readonly TalkerReport[], killed: readonly TalkerReport[]): readonly Said[] {
  const heard = new Map(
    living.flatMap(({ id, conversations }) =>
      conversations.flatMap((one) => one.heard.map((it) => [`${it.life} at ${id}`, it] as const)),
    ),
  );
  const gone = new Set(killed.map(({ id }) => id));
  return living.flatMap(({ conversations }) =>
    conversations.map((conversation) => ({
      conversation,
      heard: heard.get(`${conversation.life} at ${conversation.peerId}`),
      isListenerKilled: gone.has(conversation.peerId),
    })),
  );
}

/** Whose life is whose, and whom it talks to. */
function speakersOf(reports: readonly TalkerReport[]): ReadonlyMap<number, string> {
  return new Map(
    reports.flatMap(({ id, conversations }) =>
      conversations.map(({ life, peerId }) => [life, `${id} to ${peerId}`] as const),
    ),
  );
}
