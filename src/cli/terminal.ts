// What a stream can show.

/** 0 no colour … 3 true colour: FORCE_COLOR, then NO_COLOR, then the terminal itself. */
export function colorLevel(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): 0 | 1 | 2 | 3 {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined)
    return forced === '0' || forced === 'false' ? 0 : forced === '2' ? 2 : forced === '3' ? 3 : 1;
  if (env['NO_COLOR']) return 0;
  if (env['TERM'] === 'dumb' || stream.isTTY !== true) return 0;
  return 1;
}
