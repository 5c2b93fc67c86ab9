// The words of the app in the language of whoever stands before it.

import { type Words, en } from "./en.ts";
import { es } from "./es.ts";
import { pt } from "./pt.ts";

export type Language = "en" | "es" | "pt";

export const LANGUAGES: { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "es", name: "Español" },
  { code: "pt", name: "Português" },
];

const ALL: Record<Language, Words> = { en, es, pt };

let chosen: Language | null = null;

/** What was chosen; nothing is what the browser prefers. */
export function chosenLanguage(language: Language | null): void {
  chosen = language;
}

export function words(): Words {
  if (chosen) return ALL[chosen];
  const wanted = navigator.languages.map((one) => one.slice(0, 2).toLowerCase());
  const found = wanted.find((one): one is Language => one in ALL);
  return ALL[found ?? "en"];
}
