import type { Role } from '../../../catalog/objects.ts';
import type { ModelOptions } from '../../dialect.ts';

export interface DrizzleRole {
  readonly name: string;
  readonly createDb?: boolean;
  readonly createRole?: boolean;
  readonly inherit?: boolean;
  readonly _existing?: boolean;
}

/** Roles that the providers look after, as drizzle-kit lists them. */
const provided: Readonly<Record<string, readonly string[]>> = {
  supabase: [
    'anon',
    'authenticator',
    'authenticated',
    'service_role',
    'supabase_auth_admin',
    'supabase_storage_admin',
    'dashboard_user',
    'supabase_admin',
  ],
  neon: ['authenticated', 'anonymous'],
};

/** Whether `entities.roles` of the config wants the role looked at. Without it no role is. */
export function wantsRole(options: ModelOptions['roles'], name: string): boolean {
  if (options === undefined || typeof options === 'boolean') return options === true;
  const { provider, include, exclude } = options;
  const left = [...(provided[provider ?? ''] ?? []), ...(exclude ?? [])];
  const taken = include ?? [];
  if (left.length === 0 && taken.length === 0) return false;
  return !left.includes(name) && (taken.length === 0 || taken.includes(name));
}

export function makeRole(role: DrizzleRole): Role {
  return {
    kind: 'role',
    address: { namespace: '', name: role.name },
    createDb: role.createDb === true,
    createRole: role.createRole === true,
    inherit: role.inherit !== false,
  };
}
