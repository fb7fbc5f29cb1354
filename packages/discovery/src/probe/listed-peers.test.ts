import { expect, test } from 'vitest';
import { endpointOf } from './listed-peers.ts';

test.each([
  ['ada', 'ada', 18_222],
  ['den.example.', 'den.example.', 18_222],
  ['den_2.local:4000', 'den_2.local', 4000],
  ['10.0.0.2', '10.0.0.2', 18_222],
  ['10.0.0.2:65535', '10.0.0.2', 65_535],
  ['fd00::1', 'fd00::1', 18_222],
  ['fe80::1%eth0', 'fe80::1%eth0', 18_222],
  ['[fd00::1]', 'fd00::1', 18_222],
  ['[fe80::1%eth0]:4000', 'fe80::1%eth0', 4000],
])('%s is a host, and a port', (entry, host, port) => {
  expect(endpointOf(entry, 18_222)).toEqual({ host, port });
});

test.each([
  ...['', ':', ':4000', 'ada:', 'ada:x', 'ada:1023', 'ada:65536', 'a/b', 'http://ada', '-ada'],
  ...['10.0.0', '10.0.0.256', '1.2.3.4.5', '[ada]', '[fd00::1', '[fd00::1]:', 'x'.repeat(254)],
])('%j is neither', (entry) => {
  expect(endpointOf(entry, 18_222)).toBeUndefined();
});
