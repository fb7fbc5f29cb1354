// The page of the arena. It hears sixty times a second where each ship is, shows each a little behind that time, and moves it
// smoothly between what it has heard.

/** How long behind a ship is shown, in milliseconds: longer than most messages are late. The own one's never are. */
const BEHIND_MS = 100;
const OWN_BEHIND_MS = 25;
/** How far a ship is moved on beyond the last that was heard of it. */
const AHEAD_MS = 250;
/** For how long the quickest message is remembered, by which a ship's clock is compared with ours. */
const CLOCK_WINDOW_MS = 5_000;
/** In frames. */
const TRAIL = 80;

/** Milliseconds on this page's clock. */
const clock = () => performance.timeOrigin + performance.now();

/** One ship: what was heard of it, and where it is shown. */
class Ship {
  constructor({ name, own = false }) {
    this.name = name;
    this.own = own;
    this.hue = own
      ? 190
      : [...name].reduce((sum, letter) => sum + 67 * letter.codePointAt(0), 0) % 360;
    this.states = []; // in the order of their time
    this.trail = [];
    this.delays = []; // of the last seconds
    this.shownAt = 0;
  }

  hear(state, now) {
    if (state.at <= (this.states.at(-1)?.at ?? 0)) return;
    this.states.push(state);
    this.delays.push({ now, delay: now - state.at });
    while (this.delays[0].now < now - CLOCK_WINDOW_MS) this.delays.shift();
    // Whatever the two clocks are set to, the quickest message has taken no time; the others are late by what they differ.
    this.delay = this.delays.reduce((least, { delay }) => Math.min(least, delay), Infinity);
  }

  /** Where it was a moment ago: between the two states around that moment, or beyond the last one. */
  at(now) {
    const moment = now - this.delay - (this.own ? OWN_BEHIND_MS : BEHIND_MS);
    this.shownAt = Math.max(moment, this.shownAt); // time does not go back where the clocks are compared anew
    while (this.states.length > 2 && this.states[1].at <= this.shownAt) this.states.shift();
    const [from, to] = this.states;
    if (to === undefined || this.shownAt <= from.at) return from;
    if (this.shownAt <= to.at)
      return between(from, to, (this.shownAt - from.at) / (to.at - from.at));
    const seconds = Math.min(this.shownAt - to.at, AHEAD_MS) / 1_000;
    return { ...to, x: to.x + to.vx * seconds, y: to.y + to.vy * seconds };
  }
}

/** The curve from one state to another that begins and ends with their velocities (Hermite's). */
function between(from, to, part) {
  const seconds = (to.at - from.at) / 1_000;
  const [p2, p3] = [part ** 2, part ** 3];
  const curve = (a, va, b, vb) =>
    (2 * p3 - 3 * p2 + 1) * a +
    (p3 - 2 * p2 + part) * seconds * va +
    (3 * p2 - 2 * p3) * b +
    (p3 - p2) * seconds * vb;
  return {
    ...from,
    x: curve(from.x, from.vx, to.x, to.vx),
    y: curve(from.y, from.vy, to.y, to.vy),
    heading: from.heading + part * (to.heading - from.heading),
  };
}

// What comes from the player's own program.
const ships = new Map();
const socket = new WebSocket(location.href.replace(/^http/, 'ws').replace(/#.*/, ''));
socket.addEventListener('message', ({ data }) => {
  const { id, gone, name, own, state } = JSON.parse(data);
  if (gone) return void ships.delete(id);
  if (!ships.has(id)) ships.set(id, new Ship({ name, own }));
  ships.get(id).hear(state, clock());
  if (recording && own) recording.flown.push([state.at, state.x, state.y]);
});

// What the player holds down.
const KEYS = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  a: 'left',
  d: 'right',
  w: 'up',
};
const held = new Set();
const hold = (key, down) => {
  if (KEYS[key] === undefined || held.has(KEYS[key]) === down) return;
  if (down) held.add(KEYS[key]);
  else held.delete(KEYS[key]);
  if (socket.readyState === WebSocket.OPEN) socket.send([...held].join(' '));
};
addEventListener('keydown', ({ key }) => hold(key, true));
addEventListener('keyup', ({ key }) => hold(key, false));
addEventListener('blur', () => Object.keys(KEYS).forEach((key) => hold(key, false)));

// For tests: with #record the page keeps what was flown here, and what was drawn when.
const recording = location.hash === '#record' ? { flown: [], drawn: [] } : undefined;
globalThis.recording = recording;

// What it looks like.
const canvas = document.querySelector('canvas');
const paint = canvas.getContext('2d');
const background = skyOf(canvas.width, canvas.height);

/** The sky never changes: it is drawn once, and shown in each frame. */
function skyOf(width, height) {
  const sky = new OffscreenCanvas(width, height);
  const brush = sky.getContext('2d');
  brush.fillStyle = '#05060f';
  brush.fillRect(0, 0, width, height);
  for (const [x, y, radius, colour] of [
    [0.25, 0.3, 0.5, 'rgba(70, 40, 140, 0.45)'],
    [0.75, 0.65, 0.55, 'rgba(15, 80, 120, 0.45)'],
    [0.55, 0.15, 0.3, 'rgba(140, 40, 90, 0.25)'],
  ]) {
    const centre = [x * width, y * height];
    const mist = brush.createRadialGradient(...centre, 0, ...centre, radius * width);
    mist.addColorStop(0, colour);
    mist.addColorStop(1, 'transparent');
    brush.fillStyle = mist;
    brush.fillRect(0, 0, width, height);
  }
  for (let star = 0; star < 260; star++) {
    const light = Math.random() ** 3;
    brush.fillStyle = `rgba(205, 215, 255, ${0.25 + 0.7 * light})`;
    brush.beginPath();
    brush.arc(Math.random() * width, Math.random() * height, 0.8 + 2 * light, 0, 2 * Math.PI);
    brush.fill();
  }
  brush.strokeStyle = '#3a4a8c';
  brush.lineWidth = 6;
  brush.strokeRect(3, 3, width - 6, height - 6);
  return sky;
}

function drawTrail({ trail, hue }) {
  for (let i = 4; i < trail.length; i += 4) {
    const age = i / trail.length;
    paint.strokeStyle = `hsla(${hue}, 100%, 65%, ${0.6 * age})`;
    paint.lineWidth = 10 * age;
    paint.beginPath();
    for (const place of trail.slice(i - 4, i + 1)) paint.lineTo(...place);
    paint.stroke();
  }
}

function drawShip({ name, hue }, { x, y, heading, thrust }) {
  paint.save();
  paint.translate(x, y);
  paint.font = '26px system-ui, sans-serif';
  paint.textAlign = 'center';
  paint.fillStyle = `hsl(${hue}, 60%, 80%)`;
  paint.fillText(name, 0, 60);
  paint.rotate(heading);
  if (thrust) polygon('#ffb347', [-18, -10], [-40 - 20 * Math.random(), 0], [-18, 10]);
  polygon(`hsl(${hue}, 90%, 62%)`, [34, 0], [-24, 21], [-13, 0], [-24, -21]);
  paint.restore();
}

function polygon(colour, ...corners) {
  paint.fillStyle = colour;
  paint.beginPath();
  for (const corner of corners) paint.lineTo(...corner);
  paint.fill();
}

function drawHead() {
  paint.font = '28px system-ui, sans-serif';
  paint.textAlign = 'left';
  paint.fillStyle = '#8fa0d8';
  const names = [...ships.values()].map(({ name, own }) => (own ? `${name} (you)` : name));
  paint.fillText(names.join(' · ') || 'The program has ended', 24, 42);
  paint.fillText('← → turn   ↑ thrust', 24, canvas.height - 24);
}

requestAnimationFrame(function frame() {
  const now = clock();
  const shown = [...ships.values()].map((ship) => [ship, ship.at(now)]);
  paint.drawImage(background, 0, 0);
  for (const [ship, { x, y }] of shown) {
    ship.trail = [...ship.trail, [x, y]].slice(-TRAIL);
    drawTrail(ship);
  }
  for (const [ship, state] of shown) drawShip(ship, state);
  drawHead();
  recording?.drawn.push({
    now,
    ships: shown.map(([{ name, shownAt }, { x, y }]) => [name, shownAt, x, y]),
  });
  requestAnimationFrame(frame);
});
socket.addEventListener('close', () => ships.clear());
