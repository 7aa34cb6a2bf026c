import { hostAndPort } from '../../../lambda/probe/host-and-port';

it('has an IPv6 address in brackets, and nothing else', () => {
  expect(hostAndPort('fd00::1', 8080)).toBe('[fd00::1]:8080');
  expect(hostAndPort('10.0.0.1', 8080)).toBe('10.0.0.1:8080');
  expect(hostAndPort('shop.example.com', 443)).toBe('shop.example.com:443');
});
