import type { NetworkOptions } from './options.ts';
import type { Range } from './prng.ts';

/** One megabit a second, in bytes a millisecond. */
const MEGABIT = 125;

/**
 * What a datagram or a TCP segment can hold on Ethernet and Wi-Fi. A write that fits arrives whole as a rule; what is
 * larger arrives in parts, cut and joined anywhere.
 */
const SEGMENTS: Range = [200, 1_460];

/**
 * Networks as players have them, from the best to the worst, for `new World({ network })` or `world.setNetwork()`. The
 * numbers are chosen, not measured: of the right order for their kind, on the bad side of it. Take one as it is, or
 * change what you know better: `{ ...networks.busyWifi, delayMs: 80 }`.
 *
 * On Wi-Fi a frame to one receiver is acknowledged and sent again, so trouble shows as delay; a broadcast is neither, so
 * trouble shows as loss. `datagramLoss` is therefore high, since cablecar sends datagrams only to be found, and
 * `lateChance` stands for the segments of a connection that are sent again and hold up what follows them.
 */
export const networks = {
  /** Cables and one switch: well below a millisecond in the switch, the rest in the two computers. Nothing is lost. */
  goodLan: {
    delayMs: [0.2, 1],
    bytesPerMs: 1_000 * MEGABIT,
  } as NetworkOptions,

  /** One access point in the room and a few devices: a frame waits for the others' turns, now and then for a repetition. */
  homeWifi: {
    delayMs: [1, 5],
    lateChance: 0.01,
    lateByMs: [5, 40],
    datagramLoss: 0.02,
    chunkBytes: SEGMENTS,
    bytesPerMs: 50 * MEGABIT,
  } as NetworkOptions,

  /**
   * An office or a block of flats: neighbours on the same channel, and devices that save power. For these the access
   * point keeps broadcasts, and may keep more, until its next beacon or a later one, with 102 ms from one to the next.
   */
  busyWifi: {
    delayMs: [2, 20],
    lateChance: 0.02,
    lateByMs: [20, 200],
    datagramLoss: 0.08,
    datagramDuplication: 0.01,
    chunkBytes: SEGMENTS,
    bytesPerMs: 10 * MEGABIT,
  } as NetworkOptions,

  /**
   * A phone as the access point: a small antenna, slow rates, a processor that sleeps between frames, and a radio that
   * leaves the channel at times to look after the mobile network.
   */
  phoneHotspot: {
    delayMs: [4, 40],
    lateChance: 0.03,
    lateByMs: [40, 300],
    datagramLoss: 0.12,
    datagramDuplication: 0.01,
    chunkBytes: SEGMENTS,
    bytesPerMs: 5 * MEGABIT,
  } as NetworkOptions,

  /**
   * A room full of guests and phones on one access point. Every twentieth segment is lost, however often Wi-Fi repeats it.
   * TCP sends it again a round trip after it hears of others behind it, else after 200 ms, and waits twice as long if it
   * is lost once more.
   */
  partyWifi: {
    delayMs: [5, 60],
    lateChance: 0.05,
    lateByMs: [60, 600],
    datagramLoss: 0.25,
    datagramDuplication: 0.02,
    chunkBytes: SEGMENTS,
    bytesPerMs: 2 * MEGABIT,
  } as NetworkOptions,
} as const;
