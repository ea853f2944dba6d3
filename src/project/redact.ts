/** Takes passwords out of text, since no output may hold one. */

/** Letters of a text that a quote ends; one that is escaped, as in JSON, does not. */
const unquoted = String.raw`(?:\\["\\]|[^\s'"` + '`])*';
const urlPassword = new RegExp(String.raw`([a-z][\w+.-]*:\/\/[^\s:@/'"` + '`]*):' + `${unquoted}@`, 'gi');
const secretSetting =
  /((?:password|passwd|pwd|secret\w*|token|auth_?token|api_?key|access_?key)['"]?\s*[:=]\s*)(['"`])[^'"`]*\2/gi;
const secretParameter = /([?&;](?:password|sslpassword|authToken|token|apikey)=)[^&\s'"`]+/gi;
/** As libpq takes them: `host=db password=…`. */
const secretWord = /(\s(?:password|sslpassword)=)[^\s'"`]+/gi;

/** The same text with every password that stands in a URL as `***`. Everything else is as it was. */
export function redactUrls(text: string): string {
  return text.replace(urlPassword, '$1:***@').replace(secretParameter, '$1***');
}

/** The same for text that came from the user's code or another program, where literal secrets are settings too. */
export function redactSecrets(text: string): string {
  return redactUrls(text).replace(secretSetting, '$1$2***$2').replace(secretWord, '$1***');
}
