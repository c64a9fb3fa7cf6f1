// Source text → the same text with digits of account and card numbers, and the tails of tokens, covered. A report is read by more people
// than the code is. The length stays, so that columns still fit.

const minDigits = 9;

// Digits in one run, or in groups that one and the same sign divides: 4111 1111 1111 1111, 123-45-6789, 1_000_000_000.
const digitRuns = /\d+(?:([ _-])\d+(?:\1\d+)*)?/g;
// Tokens of known make: Slack, Facebook, Stripe, GitHub, AWS, JWT, Telegram.
const tokens = /\b(?:xox[a-z]-|EAA[A-Za-z]|[sp]k_(?:live|test)_|gh[pousr]_|AKIA|eyJ|\d{8,10}:AA)[\w.-]{12,}/g;

/** Covers long numbers and tokens with a sign of one column. */
export function maskLiterals(text: string, mask: string): string {
  return text
    .replace(tokens, (token) => token.slice(0, 4) + mask.repeat(token.length - 4))
    .replace(digitRuns, (run) => (run.replace(/\D/g, '').length < minDigits ? run : run.replace(/\d/g, mask)));
}
