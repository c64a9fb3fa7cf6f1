// A result in which every string that the scanned tree decides tries to break out of the report: escape codes, bidi, runner commands,
// links, line breaks, lone surrogates, tags.

import type { ScanResult } from '../../src/model/finding.ts';
import { shortResult } from './canned-result.ts';

const esc = String.fromCharCode(27);
const bell = String.fromCharCode(7);
const c1 = String.fromCharCode(0x9b);

/** Strings that must not get through anywhere. */
export const hostileText = [
  `${esc}[2J${esc}]8;;http://evil.example${bell}click`,
  `${c1}31m\u202Egnp.exe\u202C\u2066x\u2069\u200B\uFEFF`,
  '::error::fake\r::stop-commands::x\n::add-mask::y',
  '##[error]fake ##vso[task.setvariable]x ##VSO[y]',
  '[click](http://evil.example) \\[x](1)',
  'lone \uD800 half \uDC00 \u{E0041} \u3164\u2028\u2029\u0085',
  'xoxb-1234-aBcDeFgHiJkLmNoPq 4111 1111 1111 1111 %0A%25 , : %',
].join(' ');

/** Names of files as git allows them. */
export const hostileFile = `::error file=x::src/\n${esc}[31m\u202E##[group]\uD800 [x](1) ü%.js`;

const { findings } = shortResult;

/** The short result with hostile names, texts, messages, evidence, reasons and diagnostics. */
export const hostileResult: ScanResult = {
  ...shortResult,
  status: 'incomplete',
  policy: hostileText,
  findings: findings.flatMap((finding) => {
    const place = { ...finding.site, file: hostileFile };
    const steps = finding.path.map((step) => ({
      ...step,
      location: { ...step.location, file: hostileFile },
      text: hostileText,
    }));
    const hostile = {
      ...finding,
      ruleId: hostileText,
      platform: hostileText,
      category: hostileText,
      message: { what: hostileText, why: hostileText, todo: `::error::x ${hostileText}` },
      evidence: [{ kind: hostileText, text: hostileText, weight: 3 }],
      site: place,
      sink: place,
      source: place,
      siteText: hostileText,
      sourceText: hostileText,
      sinkField: hostileText,
      sinkName: hostileText,
      path: steps,
      otherSources: [{ source: place, text: hostileText, origin: 'stored' as const, evidence: [], path: steps }],
    };
    // The second has its path in a file whose lines are known, with hostile lines.
    return [hostile, { ...hostile, path: finding.path, fingerprint: hostileText }];
  }),
  files: [
    { path: hostileFile, state: 'failed', reason: hostileText },
    { path: hostileFile, state: 'degraded', reason: hostileText },
  ],
  diagnostics: [
    { kind: 'budget-hit', message: hostileText },
    { kind: 'config-ignored', message: hostileText },
  ],
};
