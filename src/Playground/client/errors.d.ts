/**
 * Why something was refused. Common kinds: `not_found`, `bad_request`, `key_unheld_no_spawn_config`, `too_many_for_client`,
 * `too_many_for_service`, `too_many`, `unauthorized`, `gone`, and ours: `unreachable`, `unknown`, `closed`.
 */
export class PlaygroundError extends Error {
  constructor(message: string, kind: string, status?: number, more?: { id?: string; retryAfter?: number; cause?: unknown });
  readonly name: 'PlaygroundError';
  /** For programs. */
  readonly kind: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The same id is in the hub's log. */
  readonly id: string | undefined;
  /** Seconds after which to try again, where the hub said so. */
  readonly retryAfter: number | undefined;
}
