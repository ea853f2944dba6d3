/** Takes passwords out of text that came from the user's code, since no output may hold one. */

const urlPassword = /([a-z][\w+.-]*:\/\/[^\s:@/'"`]*):[^\s'"`]*@/gi;
const secretSetting =
  /((?:password|passwd|pwd|secret\w*|token|auth_?token|api_?key|access_?key)['"]?\s*[:=]\s*)(['"`])[^'"`]*\2/gi;
const secretParameter = /([?&;](?:password|sslpassword|authToken|token|apikey)=)[^&\s'"`]+/gi;

/** The same text with every password of a URL and every literal secret as `***`. */
export function redactSecrets(text: string): string {
  return text
    .replace(urlPassword, '$1:***@')
    .replace(secretSetting, '$1$2***$2')
    .replace(secretParameter, '$1***');
}
