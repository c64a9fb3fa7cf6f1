// What `mark` says of a Program: where data of a category appears, where a platform receives something,
// what stops a category, and what is known of a value's origin. Nodes and calls are the Program's.

import type { Evidence } from './finding.ts';
import type { BarrierRule, Channel, Origin, RuleSource, Visibility } from './rule.ts';

/** One payload place of one call. */
export interface SinkMark {
  readonly platform: string;
  /** The call that hands it over (index in Program.calls). */
  readonly call: number;
  /** The value that holds the payload, and the fields down to it. */
  readonly node: number;
  readonly path: readonly string[];
  /** For the report: `message.text`. */
  readonly field: string;
  /** For the report: `telegraf#Context.reply`, `POST https://graph.facebook.com/…`. */
  readonly name: string;
  readonly visibility: Visibility;
  readonly channel: Channel;
  /** The SDK is known by names alone. */
  readonly isGuess?: boolean;
  /** The row that says so. */
  readonly at: RuleSource;
}

/** A value that may be of a category. */
export interface SourceMark {
  readonly node: number;
  readonly category: string;
  /** Its name says only that it is an amount; absent where it says of what. */
  readonly isAmount?: boolean;
  /** If it is a list, its name speaks for the elements as well: `ibans`, `balances`. */
  readonly isOfElements?: boolean;
  /** Exact terms and declared sources are reported without further evidence. */
  readonly isCertain: boolean;
  /** Named by a rule's place, not guessed by its name. */
  readonly isDeclared: boolean;
  readonly evidence: readonly Evidence[];
  /** It counts only where the value goes straight into this call or object; absent: anywhere. */
  readonly into?: number;
  /** Fields below the node that are the datum (declared sources); empty: the value itself. */
  readonly path: readonly string[];
}

export interface BarrierMark {
  /** Categories stopped; undefined means all. */
  readonly stops: readonly string[] | undefined;
  readonly isGuard: boolean;
  /** Categories that pass, with less told of them: a hash of an account number can be tried out. */
  readonly weakens: readonly string[];
  /** The company's own rules among those that say so. */
  readonly trusted: readonly BarrierRule[];
}

/** A row that is given back as it was written: for each of its columns, the values it may have been made of. */
export type WrittenRow = ReadonlyMap<string, readonly number[]>;

/** The text around a value in a template, and the label of the interface element it stands in. */
export interface TextMark {
  readonly before: string;
  readonly after: string;
  readonly label: string;
  readonly said: readonly Said[];
  /** It speaks of what is everybody's: a price, an average. */
  readonly isPublic: boolean;
}

/** A category that a text speaks of. */
export interface Said {
  /** The phrase, or the term that stands as a heading right before the value. */
  readonly text: string;
  readonly category: string;
  readonly isHeading: boolean;
  /** The heading is the name of things that may be counted. */
  readonly isPlural: boolean;
  /** The heading is the term and nothing else, and what follows is its value. */
  readonly isWhole: boolean;
  /** The term stands for nothing else. */
  readonly isExact: boolean;
}

export interface Marks {
  readonly sinks: readonly SinkMark[];
  readonly sources: ReadonlyMap<number, readonly SourceMark[]>;
  /** By call. */
  readonly barriers: ReadonlyMap<number, BarrierMark>;
  /** By call: what stops where it runs the function of an ApiPath, and not another one. */
  readonly conditionalBarriers: ReadonlyMap<number, ReadonlyMap<string, BarrierMark>>;
  /** By node. */
  readonly origins: ReadonlyMap<number, Origin>;
  /** Ways of fields that a body has only where a platform posted it: what lies there was typed. */
  readonly posted: readonly (readonly string[])[];
  /** By the node of the call. */
  readonly written: ReadonlyMap<number, WrittenRow>;
  /** Calls of unknown functions that may give data of their own; true where they are a package's. */
  readonly answers: ReadonlyMap<number, boolean>;
  /** Calls that format an amount of money. */
  readonly formatters: ReadonlySet<number>;
  /** Templates that only write a value out: what is said of the value, a text around them says. */
  readonly writtenOut: ReadonlySet<number>;
  /** Sources that are secrets of the bot's own settings. */
  readonly ownerSecrets: ReadonlySet<number>;
  /** Strings that are put together of texts and say to whoever reads them where else to go, or not to answer. */
  readonly quiet: ReadonlySet<number>;
  /** Objects that only some fields of a value are shown of: by the object, the values. */
  readonly partly: ReadonlyMap<number, ReadonlySet<number>>;
  /** By template node, then by the node of the hole. */
  readonly texts: ReadonlyMap<number, ReadonlyMap<number, TextMark>>;
}
