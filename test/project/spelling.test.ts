import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/spelling.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['timeuots', 'timeouts', 1],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('nearest', () => {
  const keys = ['ignore', 'scratch', 'timeouts', 'hazards'];

  it.each([
    ['ignores', 'ignore'],
    ['timeout', 'timeouts'],
    ['Hazard', 'hazards'],
    ['scracth', 'scratch'],
  ])('of %s is %s', (typed, meant) => {
    expect(nearest(typed, keys)).toBe(meant);
  });

  it('is nothing where no word is near', () => {
    expect(nearest('database', keys)).toBeUndefined();
    expect(nearest('x', keys)).toBeUndefined();
  });
});
