/** What is known of a lock that was waited for in vain. */
export interface LockDetails {
  readonly file: string;
  /** Milliseconds. */
  readonly waited: number;
  readonly holder: { readonly pid: number; readonly command: string | null } | null;
}

/** Below this many milliseconds nobody would call it waiting. */
const shortestWait = 100;

/** As in `app.db is locked by process 812 (node server.js); gave up after 2.5 s.` */
export function describeLock({ file, waited, holder }: LockDetails): string {
  const command = holder?.command ? ` (${holder.command})` : '';
  const who = holder === null ? 'another process' : `process ${String(holder.pid)}${command}`;
  const patience = waited < shortestWait ? '' : `; gave up after ${String(Math.round(waited / 100) / 10)} s`;
  return `${file} is locked by ${who}${patience}.`;
}
