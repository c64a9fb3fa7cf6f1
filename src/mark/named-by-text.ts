// Values that a text names which is given to a call.
// `row[HEADINGS.indexOf('Salary')]`: the cell under this heading, whatever its place is.

import type { Program } from '../model/program.ts';
import { programOps, textOfNode } from '../model/program.ts';
import { isConstantName } from './identifier.ts';

const maxCopies = 4;
const searching = /^(?:indexOf|lastIndexOf|indexOfHeader|columnOf|colIndex|columnIndex|getColumnIndex)$/;

/** The heading that the place of a cell was looked up by; '' for another place. */
export function headingOfCell(program: Program, cell: number): string {
  let at = program.keys.get(cell) ?? -1;
  for (let hops = 0; at >= 0 && hops < maxCopies; hops++) {
    const call = program.calls[program.callOf.get(at) ?? -1];
    if (call) {
      const heading = searching.test(call.name) ? (textOfNode(program, call.args[0] ?? -1) ?? '') : '';
      // IBAN: a heading is no constant.
      return isConstantName(heading) ? heading.toLowerCase() : heading;
    }
    const start = program.inStart[at] ?? 0;
    if ((program.inStart[at + 1] ?? 0) - start !== 1 || program.inOp[start] !== programOps.copy) return '';
    at = program.inFrom[start] ?? -1;
  }
  return '';
}

/** The function of a database that a value is the answer of, as one that gets it: rpc('outstanding_loan') → get_outstanding_loan. */
export function remoteOf(program: Program, node: number): string {
  let at = node;
  for (let hops = 0; at >= 0 && hops < maxCopies; hops++) {
    const call = program.calls[program.callOf.get(at) ?? -1];
    if (call) {
      const text =
        call.name === 'rpc' && call.targets.length === 0 ? textOfNode(program, call.args[0] ?? -1) : undefined;
      return text === undefined ? '' : `get_${text.replace(/^get_/, '')}`;
    }
    const start = program.inStart[at] ?? 0;
    if (program.inOp[start] !== programOps.copy) return '';
    at = program.inFrom[start] ?? -1;
  }
  return '';
}
