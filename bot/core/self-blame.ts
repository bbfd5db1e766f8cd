/** "Chắc tại em hư", "it's my fault": what a survivor says most, and must not stand there unanswered (domain.md C1, LIVES). */

import { plain } from "./understand.ts";

/** "Tại em gái em" is somebody else. */
const SELF = "(?:em|e|toi|tui|minh|con|tao)(?! (?:gai|trai|ho|dau|re|be|ay|chong|ruot|ut))";
const BLAME = new RegExp(
  `(?:^| )(?:tai|do|loi tai|loi do|loi cua|la loi cua|cung tai|cung do) ${SELF}(?: (?:hu|li|noi nhieu|hon|sai|cai|ngu|dot|luoi|vung|xau|khong tot|khong (?:nghe|biet|kheo|biet dieu)|ma ra|thoi|ca|het|truoc|nen|qua|lam|loi|ghen|nong|lo)(?: \\S+){0,8})?$|(?:^| )${SELF} (?:cung )?(?:co loi|dang (?:bi|doi)|dang bi (?:vay|the|danh)|dang lam)(?: (?:vay|the|thoi|lam|roi|ma|nhieu|qua))*$`,
);
const DENIED = /(?:^| )(?:khong phai|dau phai|chang phai|ko phai|not|isn ?t|wasn ?t|never) /;
const ENGLISH =
  /\b(?:it ?(?:s|is|was)?|all|probably|maybe|also) my (?:own )?fault\b|^my (?:own )?fault\b|\bi (?:deserve|deserved) (?:it|this|that)\b|\bi (?:made him|provoked him|asked for it)\b/;

/** Does she put it on herself? A question about it is looked up. */
export function blamesHerself(words: string): boolean {
  const said = plain(words);
  return (BLAME.test(said) || ENGLISH.test(said)) && !DENIED.test(` ${said}`) && !/[?？]/.test(words);
}
