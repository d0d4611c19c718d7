/**
 * Services one of which is enough, by what they are for; words as they stand in names of counterparties. Only families where one company
 * seldom needs two: paying for both is worth a look.
 */
const families = {
  video_calls: ["zoom", "webex", "gotomeeting", "whereby", "контур толк", "толк", "mts link", "mts линк"],
  messenger: ["slack", "mattermost", "пачка", "flock"],
  file_storage: ["dropbox", "box com", "egnyte", "pcloud", "яндекс диск", "mega limited"],
  crm: ["hubspot", "pipedrive", "salesforce", "zoho crm", "amocrm", "амосрм", "битрикс24", "bitrix24", "мегаплан"],
  tasks: ["asana", "trello", "monday com", "clickup", "basecamp", "jira", "kaiten", "кайтен", "weeek", "yougile"],
  bookkeeping: ["quickbooks", "xero", "freshbooks", "sage accounting", "moedelo", "мое дело", "контур эльба", "эльба"],
  mailing: ["mailchimp", "sendgrid", "brevo", "sendinblue", "unisender", "юнисендер", "sendpulse", "getresponse"],
  signing: ["docusign", "dropbox sign", "hellosign", "pandadoc", "контур диадок", "диадок", "сбис"],
  website: ["wix", "squarespace", "webflow", "tilda", "тильда", "weebly"],
  design: ["figma", "sketch", "canva", "invision"],
} as const;

/** What services of one family are for. */
export type ServiceFamily = keyof typeof families;

const known: readonly { readonly family: ServiceFamily; readonly word: RegExp }[] = Object.entries(families).flatMap(([family, words]) =>
  words.flatMap((word) => (isFamily(family) ? [{ family, word: new RegExp(`(?<![\\p{L}\\d])${word.replaceAll(" ", "[\\s.«»\"-]+")}(?![\\p{L}\\d])`, "iu") }] : [])),
);

function isFamily(name: string): name is ServiceFamily {
  return Object.hasOwn(families, name);
}

/** The family a counterparty's service is of, and the word that told it; undefined for any other. */
export function serviceOf(name: string): { readonly family: ServiceFamily; readonly word: string } | undefined {
  const found = known.find(({ word }) => word.test(name));
  return found === undefined ? undefined : { family: found.family, word: found.word.source };
}
