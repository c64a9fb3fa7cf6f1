// Rules as plain data, after reading and validation: what the YAML files under rules/ and a user's leakscan.yml become.
// Patterns stay text here (grammar: rules/README.md); model/api-path.ts parses them.

export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';
export type Confidence = 'low' | 'medium' | 'high';
export type Origin = 'stored' | 'api' | 'inbound' | 'public';

export const severities: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
export const confidences: readonly Confidence[] = ['low', 'medium', 'high'];

/** Where a rule was written, so that a report and an error can name it. */
export interface RuleSource {
  readonly file: string;
  readonly line: number;
}

/** Places and the constants they may be, as text with `*`. */
export type Constants = Readonly<Record<string, readonly string[]>>;

/** How an SDK object comes to be: the type is given to every value that one of the `from` patterns names. */
export interface TypeRule {
  /** An ApiPath, e.g. `telegraf#Context`. */
  readonly type: string;
  readonly from: readonly string[];
  /** Names of untyped, otherwise unresolved parameters that are taken for this type where the project depends on `package`. */
  readonly params: readonly string[];
  readonly package: string;
  /** Constant arguments that the call must have, by place; an argument that is not known fits. */
  readonly where: Constants;
  readonly at: RuleSource;
}

/** Which field of the payload is meant, and how visible it is to the end user. */
export type Visibility = 'shown' | 'preview' | 'hidden';

/** In what form a platform gets it: as a message, or beside one. */
export const channels = ['message', 'profile', 'event', 'status', 'menu', 'payment', 'transcript'] as const;
export type Channel = (typeof channels)[number];

/** Who gets it: a messaging company, or the provider of a language model. */
export const platformKinds = ['messaging', 'llm'] as const;
export type PlatformKind = (typeof platformKinds)[number];

export interface SinkRule {
  readonly platform: string;
  /** A call pattern, e.g. `telegraf#Context.reply(text, extra)`. */
  readonly call: string;
  /** Places below the named arguments, e.g. `extra.reply_markup.inline_keyboard[][].text`, `return`. */
  readonly payload: readonly string[];
  readonly visibility: Visibility;
  readonly channel: Channel;
  /** Version range of the package, empty for all. */
  readonly versions: string;
  /** Constants that the call must hand over, by place. */
  readonly where: Constants;
  /** `docs: …` where neither typings nor source of the package can say that the row is right; else empty. */
  readonly verified: string;
  /** Known by names alone: no finding of it is of high confidence. */
  readonly isGuess: boolean;
  readonly at: RuleSource;
}

/** An HTTP request to a platform, recognised by its URL (or, with the host unknown, by path and body shape). */
export interface HttpSinkRule {
  readonly platform: string;
  /** URL patterns: `*` within a segment, `**` for anything. */
  readonly urls: readonly string[];
  /** Names of environment variables or settings that hold such a URL. */
  readonly env: readonly string[];
  /** Keys the body must have for a match by path or by name alone. */
  readonly shape: readonly string[];
  /** Constants that say the same, by place. */
  readonly where: Constants;
  /** Words that stand around the request, as for a webhook: the address itself came in an answer. */
  readonly beside: readonly string[];
  /** Places: `body.message.text`, `query.text`, `url`. */
  readonly payload: readonly string[];
  readonly visibility: Visibility;
  readonly channel: Channel;
  readonly at: RuleSource;
}

/** An HTTP client's call: where its URL, body and query stand. Each is a list of places over the pattern's parameter names. */
export interface RequestRule {
  readonly call: string;
  readonly base: readonly string[];
  readonly url: readonly string[];
  readonly body: readonly string[];
  readonly query: readonly string[];
  readonly at: RuleSource;
}

/** An answer to an HTTP request: where its body stands. */
export interface ResponseRule {
  readonly call: string;
  readonly body: readonly string[];
  readonly at: RuleSource;
}

/** An answer to a platform's webhook, recognised by its body. */
export interface WebhookRule {
  readonly platform: string;
  /** Keys that the body must have. */
  readonly shape: readonly string[];
  /** `package`: the keys are anybody's, and count where the project has one of the platform's packages. */
  readonly needs: '' | 'package';
  /** Words that the function which answers, or one around or below it, has as fields or texts: one of these lists. */
  readonly beside: readonly string[];
  readonly where: Constants;
  /** Places below `body`; one counts where its first key is there. */
  readonly payload: readonly string[];
  readonly visibility: Visibility;
  readonly channel: Channel;
  readonly at: RuleSource;
}

/** Behaviour of a library function: flows between places, in place of the default (receiver and arguments reach the result). */
export interface ModelRule {
  readonly call: string;
  /** Constants by place; what is not known fits. */
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** `this[] -> element`, `this ~> result`, `@jobs[name] -> job.data`, `@state[name] <-> result`, `prototype ^> result`; an empty list means that nothing passes. */
  readonly flow: readonly string[];
  /** Places below the receiver that are empty afterwards, when their keys are known: `this.~values[key]`. */
  readonly drop: readonly string[];
  /**
   * The callback runs once for each element, in this order: turns are told apart where the list is known. Empty: they are not.
   * `chosen`: its answer says whether the result has the element.
   */
  readonly turns: 'forward' | 'backward' | 'chosen' | '';
  /** What the result is: data read from a store or an API, what the user typed, or public. Empty: decided by the flow. */
  readonly origin: Origin | '';
  readonly at: RuleSource;
}

/** Something read that the user typed in this conversation (`inbound`), or that is not data (`public`). */
export interface OriginRule {
  readonly origin: Origin;
  /** Member patterns, e.g. `telegraf#Context.message.text`. */
  readonly read: readonly string[];
  readonly at: RuleSource;
}

/** A source that is known by its place rather than by its name. */
export interface SourceRule {
  readonly category: string;
  readonly call: string;
  /** Fields of the result that are of the category; empty means the whole result. */
  readonly fields: readonly string[];
  readonly origin: Origin;
  readonly at: RuleSource;
}

/** What an SDK's method or an HTTP interface answers with, field by field. */
export interface ApiRule {
  /** As a reader knows it: `Plaid`. */
  readonly api: string;
  readonly calls: readonly string[];
  /** Constants that a call must have, by place. */
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** URL patterns, as in `http` rows. */
  readonly urls: readonly string[];
  /** Names of settings that hold the interface's address. */
  readonly env: readonly string[];
  /** What the company posts to the bot's own server: names and texts of the function that takes it, all words of one entry. */
  readonly posted: readonly string[];
  /** By category: ends of the ways down to a datum (`balances.current`); `.` is the whole answer. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Fields that anybody may know; `.` for all that no other row names. */
  readonly public: readonly string[];
  readonly at: RuleSource;
}

export interface BarrierRule {
  readonly call: string;
  /** Categories stopped; empty means all. */
  readonly stops: readonly string[];
  /** Of the categories that it does not stop, these are told less of: their severity is lower. */
  readonly weakens: readonly string[];
  /** Constant arguments that the call must have, by parameter name; each value is matched as text, `*` allowed. */
  readonly where: Constants;
  /** A guard: the argument is clean where the call is true. */
  readonly guard: boolean;
  /** Declared by the company: taken at its word, and told in the report. */
  readonly isOwn: boolean;
  readonly at: RuleSource;
}

export interface CategoryRule {
  readonly id: string;
  /** As used in a sentence: "an account balance". */
  readonly title: string;
  readonly severity: Severity;
  /** Severity is never lowered below this. */
  readonly floor: Severity;
  readonly definition: string;
}

export interface PlatformRule {
  readonly id: string;
  /** As printed: "Messenger". */
  readonly name: string;
  readonly company: string;
  readonly kind: PlatformKind;
  /** npm packages of this platform's SDKs. */
  readonly packages: readonly string[];
  /** Packages that have the interface of one of these, under names that match: package → wildcards. */
  readonly forks: Readonly<Record<string, readonly string[]>>;
  /** Words in the name of a package that nobody knows, which say that it is for this platform: `fb messenger` for both. */
  readonly alike: readonly string[];
  /** Payload fields (`callback_data`, `metadata.event_payload`) that users do not see, or see in notifications only. */
  readonly hiddenFields: readonly string[];
  readonly previewFields: readonly string[];
}

/** One vocabulary entry: lower-case tokens separated by spaces. `points` are about log2 odds. */
export interface TermRule {
  readonly category: string;
  readonly term: string;
  readonly points: number;
  readonly exact: boolean;
  /** The term is a regular expression (re2js syntax) over the split identifier, matched as a whole. */
  readonly isPattern: boolean;
  /** The id of the language whose file it stands in; '' for English and a user's own. */
  readonly language: string;
}

/** A natural language that programs are written in. */
export interface LanguageRule {
  readonly id: string;
  /** Frequent words by which a program's texts and names show the language. */
  readonly words: readonly string[];
  /** The Unicode script that only this language and its neighbours use; '' for Latin. */
  readonly script: string;
  /** Words that mean something else in English or in another language: they count only where this language is shown. */
  readonly ambiguous: readonly string[];
  /** Endings of inflection: a word that differs from a term only in them is the term. */
  readonly endings: readonly string[];
  /** Last parts of compounds: `loon` of `nettoloon`. */
  readonly heads: readonly string[];
  /** What is spoken of comes first: `saldoUsuario`. */
  readonly headFirst: boolean;
  /** Ways in which it is written in Latin letters, each as pairs: `ж=zh ю=yu`. */
  readonly latin: readonly string[];
}

/** A word that looks financial and is not, with the context that betrays it. All lists are lower case. */
export interface LookAlikeRule {
  readonly term: string;
  readonly meaning: string;
  readonly receiver: readonly string[];
  readonly siblings: readonly string[];
  readonly imports: readonly string[];
  readonly compound: readonly string[];
  readonly text: readonly string[];
  readonly points: number;
}

export interface PhraseRule {
  readonly category: string;
  readonly language: string;
  readonly phrases: readonly string[];
}

/** The last words of a setting's name that say it is a secret; category '': that it is none. */
export interface OwnerSecretRule {
  readonly category: string;
  readonly words: readonly string[];
}

/** How one language asks for a secret. Words may end in `*` (any letters); all are folded before they are compared. */
export interface SolicitationRule {
  readonly language: string;
  readonly order: 'asks first' | 'objects first' | 'any';
  /** False: words are written without spaces between them. */
  readonly isSpaced: boolean;
  readonly asks: readonly string[];
  /** What is asked for, as said in a sentence ("a PIN") → its words. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
  /** The words that may stand from the one to the other. */
  readonly between: readonly string[];
  /** Words that mean the opposite, or another place than the chat. */
  readonly silent: readonly string[];
}

/** Identifier grammar and text around a value. All lists are lower case unless they hold currency signs. */
export interface NamingRule {
  readonly neutralSuffixes: readonly string[];
  /** First words that say what it is, in languages that begin with it: `fechaPago`. */
  readonly neutralPrefixes: readonly string[];
  readonly booleanPrefixes: readonly string[];
  readonly sourcePrefixes: readonly string[];
  readonly otherPrefixes: readonly string[];
  readonly qualifiers: readonly string[];
  readonly entities: readonly string[];
  /** `word:category` for names of tables and models, of words that say too little anywhere else. */
  readonly models: readonly string[];
  /** Names of tables that hold what anybody may know: prices, rates, plans. */
  readonly catalogues: readonly string[];
  /** Last words of columns that hold texts, dates and the like in any table. */
  readonly textColumns: readonly string[];
  /** Functions that write out all that an object holds. */
  readonly serialisers: readonly string[];
  readonly currencyStrong: readonly string[];
  readonly currencyAmbiguous: readonly string[];
  readonly gameUnits: readonly string[];
  readonly gameMarkers: readonly string[];
  readonly moneyFormatters: readonly string[];
  /** First words of functions that change what they are given, and bring nothing of their own. */
  readonly transforms: readonly string[];
  /** Words that say of a setting only that it is an address. */
  readonly addressWords: readonly string[];
  /** Names of methods that send, with `*`: `reply*`. */
  readonly sendNames: readonly string[];
  /** Words beside a package's name that say that it is one like it: `fork`, `lite`. */
  readonly forkWords: readonly string[];
  /** Last words of names that are nobody's money: prices, counts, limits. */
  readonly plainWords: readonly string[];
  /** The columns of a ledger: how much, what for, when, of what kind. */
  readonly moneyFields: readonly string[];
  readonly textFields: readonly string[];
  readonly timeFields: readonly string[];
  readonly kindFields: readonly string[];
  /** Plurals that are no count as a heading: expenses, savings. */
  readonly sums: readonly string[];
  /** Words for an amount of anything: what it belongs to, or what is said of it, tells its category. */
  readonly amountWords: readonly string[];
  /** Words that make an amount of a term: total, net, remaining. */
  readonly measures: readonly string[];
  /** Units of money that amounts are counted in where they are whole numbers: `availableCents`. */
  readonly minorUnits: readonly string[];
  /** What has a balance or credits, and is no money: leave, karma, blood. */
  readonly countedThings: readonly string[];
  /** What a project is about that counts things as a bank counts money, and the words that tell: `blood bank:plasma donor`. */
  readonly thingMarkers: readonly string[];
  /** Fields that name a person. */
  readonly personFields: readonly string[];
  /** Words of a question that name whom it asks about: customer, chat, member. */
  readonly owners: readonly string[];
  /** What is spent, which a total makes spending: expense. */
  readonly outflows: readonly string[];
  /** Words that say that many are summed up: total, monthly. */
  readonly totals: readonly string[];
  /** Words between those of a term: `limite de crédito`, `impuestoAPagar`. */
  readonly prepositions: readonly string[];
  /** Words of a heading beside its term that add nothing: your, is. */
  readonly fillers: readonly string[];
  /** Words near a value that say that it is everybody's: price, average, per. */
  readonly publicWords: readonly string[];
  /** Words of formatters beside the unit: format, as, to. */
  readonly formatterWords: readonly string[];
  /** Units that a formatter may be called after: euro, money. */
  readonly formatterUnits: readonly string[];
}

/** Points of each class of evidence and the thresholds of confidence (rules/data/weights.yml). */
export interface WeightRule {
  readonly points: Readonly<Record<string, number>>;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
}

export interface DataRules {
  readonly categories: readonly CategoryRule[];
  readonly terms: readonly TermRule[];
  readonly lookAlikes: readonly LookAlikeRule[];
  readonly phrases: readonly PhraseRule[];
  readonly solicitation: readonly SolicitationRule[];
  readonly ownerSecrets: readonly OwnerSecretRule[];
  readonly naming: NamingRule;
  /** Languages, and the naming of each. */
  readonly languages: readonly LanguageRule[];
  readonly weights: WeightRule;
}

export interface RuleSet {
  readonly platforms: readonly PlatformRule[];
  readonly types: readonly TypeRule[];
  readonly sinks: readonly SinkRule[];
  readonly http: readonly HttpSinkRule[];
  readonly requests: readonly RequestRule[];
  readonly responses: readonly ResponseRule[];
  readonly webhooks: readonly WebhookRule[];
  readonly models: readonly ModelRule[];
  /** ApiPaths of objects that a library hands to all handlers: what one writes into them another reads. */
  readonly shared: readonly string[];
  readonly origins: readonly OriginRule[];
  readonly sources: readonly SourceRule[];
  readonly apis: readonly ApiRule[];
  readonly barriers: readonly BarrierRule[];
  readonly data: DataRules;
}

/** What is said of one platform × channel × category. The last row that matches decides; none means `forbid`. */
export interface PolicyRow {
  readonly verdict: 'forbid' | 'warn' | 'allow';
  /** `*` for all. */
  readonly platform: string;
  readonly kind: PlatformKind | '*';
  readonly channel: Channel | '*';
  readonly category: string;
  readonly reason: string;
  readonly approvedBy: string;
  /** ISO date, empty for no end. The row counts through that day. */
  readonly until: string;
}

export interface Policy {
  readonly name: string;
  readonly rows: readonly PolicyRow[];
}
