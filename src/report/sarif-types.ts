// The part of SARIF 2.1.0 that is written here, and its smallest parts: messages and places.

import type { Location } from '../model/location.ts';
import { sarifText, sarifUri } from './sanitise-sarif.ts';

export interface SarifMessage {
  readonly text: string;
}

export interface SarifLocation {
  readonly id?: number;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: '%SRCROOT%' };
    readonly region?: Omit<Location, 'file'>;
  };
  readonly message?: SarifMessage;
}

export interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: SarifMessage;
  readonly fullDescription: SarifMessage;
  readonly help: SarifMessage;
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: Readonly<Record<string, unknown>>;
}

export type SarifLevel = 'error' | 'warning' | 'note';

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  readonly message: SarifMessage;
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations: readonly SarifLocation[];
  readonly codeFlows: readonly SarifCodeFlow[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface SarifCodeFlow {
  readonly message: SarifMessage;
  readonly threadFlows: readonly { readonly locations: readonly SarifFlowLocation[] }[];
}

export interface SarifFlowLocation {
  readonly location: SarifLocation;
  readonly executionOrder: number;
  readonly nestingLevel: number;
  readonly importance: 'essential' | 'important' | 'unimportant';
}

export interface SarifNotification {
  readonly level: SarifLevel;
  readonly message: SarifMessage;
  readonly locations?: readonly SarifLocation[];
}

export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly semanticVersion: string;
        readonly rules: readonly SarifRule[];
      };
    };
    readonly automationDetails: { readonly id: string };
    readonly columnKind: 'utf16CodeUnits';
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly SarifNotification[];
    }[];
    readonly results: readonly SarifResult[];
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
}

/** A message, never empty: GitHub refuses empty texts. */
export function sarifMessage(text: string): SarifMessage {
  const shown = sarifText(text);
  return { text: shown === '' ? '-' : shown };
}

/** A file as a place. */
export function sarifPlace(file: string): SarifLocation {
  return { physicalLocation: { artifactLocation: { uri: sarifUri(file), uriBaseId: '%SRCROOT%' } } };
}

/** A span of a file as a place. */
export function sarifLocation(location: Location): SarifLocation {
  const { file, ...region } = location;
  return { physicalLocation: { ...sarifPlace(file).physicalLocation, region } };
}
