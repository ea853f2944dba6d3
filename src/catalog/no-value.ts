import type { ColumnValue } from './objects.ts';

/** The value of every column that has none: one object, so that it is seen at a glance to be the same. */
export const noValue: ColumnValue = { kind: 'none' };
