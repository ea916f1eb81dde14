/**
 * The content security policy of every page: its own files and nothing else, inline only what carries this answer's nonce.
 *
 * @see [CSP 3]
 */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** What stands for the nonce in a built page. */
export const NONCE_PLACEHOLDER = '__NONCE__'
