/**
 * What is wrong, in Vietnamese. Each row is one sentence of the checks: its code, how it is said in English (as it stands
 * in `Problem.message`) and in Vietnamese; `{…}` are the facts in it. A sentence that has no row is shown in English.
 */

import type { Lang } from "./message.ts";
import type { Problem } from "./problem.ts";

type Row = readonly [code: string, english: string, vietnamese: string];

const YAML: readonly Row[] = [
  ["", "Map keys must be unique", "một tên đứng hai lần trong cùng một khối"],
  [
    "",
    "Nested mappings are not allowed in compact mappings",
    "hai dấu hai chấm trên cùng một dòng; hãy đặt phần chữ trong ngoặc kép",
  ],
  [
    "",
    "Implicit keys need to be on a single line",
    "tên phải nằm trọn trên một dòng và có dấu hai chấm sau nó",
  ],
  ["", "Implicit map keys need to be followed by map values", "sau tên phải có dấu hai chấm và nội dung"],
  ["", "Missing closing {quote}quote", "thiếu dấu ngoặc kép đóng"],
  ["", "All mapping items must start at the same column", "các dòng cùng khối phải thụt vào bằng nhau"],
  ["", "All sequence items must start at the same column", "các dấu gạch đầu dòng phải thẳng hàng"],
  ["", "Tabs are not allowed as indentation", "hãy thụt đầu dòng bằng dấu cách, không dùng phím Tab"],
  [
    "",
    "Flow {what} in block collection must be sufficiently indented and end with a {end}",
    "thiếu dấu {end} đóng, hoặc thụt vào chưa đủ",
  ],
  ["", "{what} must end with a {end}", "thiếu dấu {end} đóng"],
  [
    "",
    "Unexpected , in {what}",
    "thừa dấu phẩy trong ngoặc: thiếu một mục trước dấu này, hoặc có hai dấu liền nhau",
  ],
  ["", "Unexpected empty item in {what}", "có một mục trống trong ngoặc"],
  ["", "Unexpected {what} token", "có dấu thừa ở đây"],
  [
    "",
    "Unexpected token in block scalar header: {what}",
    "sau dấu | hoặc > phải xuống dòng rồi mới viết chữ",
  ],
  [
    "",
    "Block scalar header includes extra characters: {what}",
    "sau dấu | hoặc > phải xuống dòng rồi mới viết chữ",
  ],
  ["", "Unexpected {sign} in {what}", "có dấu {sign} thừa ở đây"],
  ["", "Missing , between {what} items", "thiếu dấu phẩy giữa hai mục trong ngoặc"],
  ["", "Missing , or : between {what} items", "thiếu dấu phẩy hoặc dấu hai chấm giữa hai mục trong ngoặc"],
  ["", "Missing space after : in {what}", "sau dấu hai chấm phải có dấu cách"],
  ["", "Missing newline after block sequence props", "hãy xuống dòng trước dấu gạch đầu dòng"],
  ["", "Missing directives-end indicator line", "dòng đầu không được bắt đầu bằng dấu %"],
  ["", "Missing directives-end/doc-start indicator line", "dòng đầu không được bắt đầu bằng dấu %"],
  [
    "",
    "Plain value cannot start with {what}",
    "chữ không bắt đầu bằng {what} được; hãy đặt cả phần chữ trong ngoặc kép",
  ],
  [
    "",
    "Invalid escape sequence {what}",
    "dấu \\ trong ngoặc kép chỉ đi với một số chữ; hãy bỏ {what}, hoặc dùng ngoặc đơn",
  ],
  [
    "",
    "Block collections are not allowed within flow collections",
    "trong ngoặc không xuống dòng để gạch đầu dòng được",
  ],
  ["", "Block scalar values in collections must be indented", "phần chữ sau dấu | hoặc > phải thụt vào"],
  [
    "",
    "Block scalar lines must not be less indented than their {what}",
    "các dòng chữ phải thụt vào bằng dòng đầu",
  ],
  [
    "",
    "Block scalars with more-indented leading empty lines must use an explicit indentation indicator",
    "dòng trống ở đầu đoạn chữ thụt vào quá; hãy xóa dấu cách trong dòng ấy",
  ],
  ["", "Flow end indicator should be more indented than parent", "dấu ngoặc đóng phải thụt vào hơn dòng mở"],
  ["", "Sequence item without - indicator", "thiếu dấu gạch đầu dòng"],
  ["", "A block sequence may not be used as an implicit map key", "danh sách không đứng làm tên được"],
  [
    "",
    "Implicit keys of flow sequence pairs need to be on a single line",
    "tên phải nằm trọn trên một dòng và có dấu hai chấm sau nó",
  ],
  [
    "",
    "The : indicator must be at most 1024 chars after the start of an implicit {what} key",
    "tên dài quá, hoặc thiếu dấu hai chấm",
  ],
  [
    "",
    "Comments must be separated from other tokens by white space characters",
    "trước dấu # phải có dấu cách; nếu # là chữ, hãy đặt cả phần chữ trong ngoặc kép",
  ],
  [
    "",
    "Tags and anchors must be separated from the next token by white space",
    "chữ không bắt đầu bằng dấu ! hoặc & được; hãy đặt trong ngoặc kép",
  ],
  ["", "Unresolved tag: {what}", "chữ không bắt đầu bằng dấu ! được; hãy đặt trong ngoặc kép"],
  [
    "",
    "Unresolved alias (the anchor must be set before the alias): {what}",
    "chữ không bắt đầu bằng dấu * được; hãy đặt trong ngoặc kép",
  ],
  ["", "Alias cannot be an empty string", "chữ không bắt đầu bằng dấu * được; hãy đặt trong ngoặc kép"],
  ["", "Anchor cannot be an empty string", "chữ không bắt đầu bằng dấu & được; hãy đặt trong ngoặc kép"],
  [
    "",
    "A node can have at most one {what}",
    "chữ không bắt đầu bằng dấu ! hoặc & được; hãy đặt trong ngoặc kép",
  ],
  ["", "Unexpected {what} at node end", "có chữ thừa ở cuối; hãy đặt cả phần chữ trong ngoặc kép"],
  [
    "",
    "A collection cannot be both a mapping and a sequence",
    "một khối chỉ có thể là danh sách, hoặc là các tên với nội dung",
  ],
  ["", "Excessive alias count indicates a resource exhaustion attack", "tham chiếu lồng nhau quá nhiều"],
];

const FIELDS: readonly Row[] = [
  ["", "Invalid input: expected {kind}, received undefined", "thiếu phần này"],
  [
    "",
    "Invalid input: expected string, received {other}",
    "chỗ này phải là chữ; nếu cần hãy đặt trong ngoặc kép",
  ],
  ["", "Invalid input: expected array, received {other}", "chỗ này phải là danh sách"],
  ["", "Invalid input: expected object, received {other}", "chỗ này phải là một khối có các tên bên trong"],
  ["", "Invalid input: expected record, received {other}", "chỗ này phải là một khối có các tên bên trong"],
  ["", "Invalid input: expected boolean, received {other}", "chỗ này phải là true hoặc false"],
  ["", "Invalid input: expected int, received {other}", "chỗ này phải là số nguyên"],
  ["", "Invalid input: expected number, received {other}", "chỗ này phải là số"],
  ["", "Invalid input: expected {value}", "chỗ này phải là {value}"],
  ["", "Invalid input", "chỗ này không đúng dạng nào được phép"],
  ["", "Invalid option: expected one of {values}", "chỉ được chọn một trong: {values}"],
  ["", "Unrecognized key: {keys}", "không có mục nào tên là {keys} ở đây"],
  ["", "Unrecognized keys: {keys}", "không có những mục này ở đây: {keys}"],
  ["", "Invalid key in record", "tên này không đúng dạng"],
  ["", "Invalid URL", "địa chỉ này không phải địa chỉ web; hãy viết cả https:// ở đầu"],
  ["", "Invalid string: must match pattern {pattern}", "viết chưa đúng dạng ({pattern})"],
  ["", "Too small: expected string to have >={n} characters", "ngắn quá: cần ít nhất {n} ký tự"],
  ["", "Too small: expected array to have >={n} items", "cần ít nhất {n} mục"],
  ["", "Too small: expected number to be >={n}", "phải từ {n} trở lên"],
  ["", "Too small: expected number to be >{n}", "phải lớn hơn {n}"],
  ["", "Too small: expected int to be >={n}", "phải từ {n} trở lên"],
  ["", "Too small: expected int to be >{n}", "phải lớn hơn {n}"],
  ["", "Too big: expected string to have <={n} characters", "dài quá: nhiều nhất {n} ký tự"],
  ["", "Too big: expected array to have <={n} items", "nhiều nhất {n} mục"],
  ["", "Too big: expected number to be <={n}", "nhiều nhất là {n}"],
  ["", "Too big: expected int to be <={n}", "nhiều nhất là {n}"],
  [
    "",
    "use lower-case letters, digits and hyphens, beginning with a letter, at most 60",
    "chỉ dùng chữ thường không dấu, số và gạch nối, bắt đầu bằng chữ, nhiều nhất 60",
  ],
  [
    "",
    "use lower-case letters, digits and _, beginning with a letter",
    "chỉ dùng chữ thường không dấu, số và dấu _, bắt đầu bằng chữ",
  ],
  [
    "",
    "name a step of this flow, `end`, or `flow:ID`",
    "hãy ghi tên một bước của kịch bản này, `end`, hoặc `flow:` và tên kịch bản",
  ],
  ["", "one line stands for at most {n} messages", "một dòng thay cho nhiều nhất {n} câu"],
  ["", "the Vietnamese text is missing", "thiếu phần tiếng Việt"],
  ["", "the English text is missing", "thiếu phần tiếng Anh"],
  ["", "write a date as 2026-11-22", "hãy viết ngày theo dạng 2026-11-22"],
  ["", 'the text "{key}" is missing', "thiếu câu “{key}”"],
];

const ROWS: readonly Row[] = [
  ["file.too_large", "the file has {n} bytes; at most {max}", "tệp có {n} byte; nhiều nhất {max}"],
  [
    "file.twice",
    "{file} has the same name: this one is not read",
    "{file} đã có tên này, nên tệp này không được đọc",
  ],
  [
    "file.unreadable",
    "the file cannot be read as UTF-8 text: {why}",
    "không đọc được tệp này dưới dạng chữ UTF-8: {why}",
  ],
  ["folder.unreadable", "the folder cannot be read: {why}", "không đọc được thư mục: {why}"],
  ["bundle.too_many", "{n} files; at most {max}", "có {n} tệp; nhiều nhất {max}"],
  [
    "bundle.name",
    "a name has lower-case letters, digits and hyphens",
    "tên chỉ có chữ thường không dấu, số và gạch nối",
  ],
  [
    "bundle.empty",
    "there is no file of `flows/` or `knowledge/` in it",
    "trong đó không có tệp nào của `flows/` hay `knowledge/`",
  ],
  ["bundle.unreadable", "this is no zip file that can be read: {why}", "không đọc được tệp zip này: {why}"],
  [
    "bundle.draft",
    "{who} has a draft of this open: publish or discard it first",
    "{who} đang có bản nháp của mục này: hãy xuất bản hoặc bỏ bản nháp ấy trước",
  ],
  [
    "document.too_large",
    "the document has {n} characters; at most {max}",
    "bài có {n} ký tự; nhiều nhất {max}",
  ],
  ["document.yaml", "this is not valid YAML: {detail}", "phần này chưa đúng cách viết: {detail}"],
  ["document.yaml", "this YAML cannot be read: {detail}", "không đọc được phần này: {detail}"],
  [
    "document.front_matter",
    "the article must begin with a head between two lines `---`",
    "bài phải mở đầu bằng phần khai báo nằm giữa hai dòng `---`",
  ],
  [
    "document.id",
    'the id inside is "{id}", but this is "{key}": an id never changes',
    "mã bên trong là “{id}”, còn mục này là “{key}”: mã không bao giờ đổi",
  ],
  [
    "article.body",
    "a passage stands before the first `# vi` or `# en`",
    "có đoạn đứng trước dòng `# vi` hoặc `# en` đầu tiên",
  ],
  [
    "article.body",
    "text stands before the first `## heading`",
    "có chữ đứng trước dòng `## tiêu đề` đầu tiên",
  ],
  [
    "article.body",
    "`{row}` is neither `# vi` nor `# en`: what stands below it belongs to no language",
    "`{row}` không phải `# vi` hay `# en`, nên phần dưới nó không thuộc tiếng nào",
  ],
  [
    "article.body",
    "`{row}`: a passage has one heading, with `##`, and no smaller ones",
    "`{row}`: mỗi đoạn chỉ có một tiêu đề, viết với `##`, không có tiêu đề nhỏ hơn",
  ],
  ["article.body", "there is no passage under `# vi`", "chưa có đoạn nào dưới `# vi`"],
  [
    "article.body",
    "`# vi` has {vi} passages and `# en` has {en}; they must match one to one",
    "`# vi` có {vi} đoạn còn `# en` có {en}; phải khớp từng đoạn một",
  ],
  ["article.body", 'the passage "{heading}" is empty', "đoạn “{heading}” còn trống"],
  [
    "article.body",
    'the passage "{heading}" has {n} characters; at most {max}',
    "đoạn “{heading}” có {n} ký tự; nhiều nhất {max}",
  ],
  ["directory.empty", "there is no list `{list}`", "thiếu danh sách `{list}`"],
  ["directory.key", '"{name}" is not known here', "ở đây không có mục “{name}”"],
  ["directory.id_twice", '"{id}" is there already', "“{id}” đã có rồi"],
  ["directory.id_twice", '"{id}" is already in {file}', "“{id}” đã có trong {file}"],
  ["settings.missing", "the file is missing", "thiếu tệp này"],
  [
    "settings.later_text",
    'the text "{key}" is missing: until somebody writes it, "{other}" is said in its place',
    "thiếu câu “{key}”: khi chưa có ai viết, câu “{other}” được nói thay",
  ],
  [
    "settings.later_text",
    'the text "{key}" is missing: until somebody writes it, nothing is said in its place',
    "thiếu câu “{key}”: khi chưa có ai viết thì không nói gì ở chỗ đó",
  ],
  [
    "settings.later_text",
    'the list "{key}" is missing: until somebody writes it, such words are a question like any other',
    "thiếu danh sách “{key}”: khi chưa có ai viết, những chữ đó được hiểu như một câu hỏi thường",
  ],
  ["settings.unknown_flow", 'there is no sound flow "{id}"', "không có kịch bản “{id}” nào dùng được"],
  [
    "settings.unknown_service",
    'the directory has no usable service "{id}"',
    "danh bạ không có nơi “{id}” dùng được",
  ],
  ["settings.unknown_article", 'there is no article "{id}"', "không có bài “{id}”"],
  ["settings.unknown_field", "nothing fills {name}", "không có gì để điền vào {name}"],
  [
    "risk.no_model",
    "the ear's weights are missing; it hears by the rules alone",
    "thiếu trọng số của bộ nghe; chỉ nghe bằng quy tắc",
  ],
  ["risk.missing", "there are no rules for the ear", "chưa có quy tắc nguy cơ nào"],
  ["risk.model", 'the weights for "{level}" are not {n}', "trọng số cho “{level}” không đủ {n}"],
  [
    "risk.no_thresholds",
    "the thresholds of the ear are missing: add `thresholds` as thresholds.yaml of the build has them",
    "thiếu ngưỡng của tai nghe: thêm lại mục `thresholds` như trong thresholds.yaml đi kèm phần mềm",
  ],
  ["risk.twice", '"{name}" already stands in another file', "“{name}” đã có ở tệp khác"],
  ["risk.twice", 'two rules are called "{name}"', "hai quy tắc cùng tên “{name}”"],
  ["risk.unknown_name", '"{name}" is not among the concepts', "chưa có khái niệm nào tên “{name}”"],
  ["risk.unknown_name", '"{name}" is not among the categories', "chưa có loại nguy cơ nào tên “{name}”"],
  [
    "risk.unknown_name",
    '"{name}" is neither a rule nor a category',
    "“{name}” không phải quy tắc, cũng không phải loại nguy cơ",
  ],
  ["search.missing_file", "the file is missing or is no YAML", "thiếu tệp này, hoặc tệp viết chưa đúng cách"],
  [
    "search.wrong_asked",
    'must be a question, a tab, and the ids of passages with spaces between them, or "-" where it is not ours to answer',
    "mỗi dòng là một câu hỏi, dấu tab, rồi mã các đoạn cách nhau bằng dấu cách, hoặc “-” khi không thuộc việc của mình",
  ],
  [
    "search.wrong_asked",
    '"-" says that nothing answers: it stands alone',
    "“-” nghĩa là không có đoạn nào trả lời, nên phải đứng một mình",
  ],
  [
    "search.wrong_asked",
    '"{id}" is no id such as article#1 or service:name',
    "“{id}” không phải mã đoạn; mã viết như tên-bài#1 hoặc service:tên-nơi",
  ],
  ["search.wrong_asked", '"{id}" stands here twice', "“{id}” ghi hai lần trên cùng một dòng"],
  [
    "search.wrong_meaning",
    "is damaged, or of another language or edition; run npm run knowledge:learn",
    "tệp này bị hỏng, hoặc thuộc ngôn ngữ khác hay bản khác; hãy chạy npm run knowledge:learn",
  ],
  ["search.asked_dead", 'there is no passage "{id}"', "không có đoạn “{id}”"],
  [
    "search.asked_language",
    "is taken for English when it is asked, and this file is Vietnamese",
    "khi có người hỏi, câu này được hiểu là tiếng Anh, còn tệp này dành cho tiếng Việt",
  ],
  [
    "search.asked_language",
    "is taken for Vietnamese when it is asked, and this file is English",
    "khi có người hỏi, câu này được hiểu là tiếng Việt, còn tệp này dành cho tiếng Anh",
  ],
  ["flow.unknown_step", 'there is no step "{step}" to start with', "không có bước “{step}” để bắt đầu"],
  ["flow.unknown_step", 'there is no step "{step}" in this flow', "kịch bản này không có bước “{step}”"],
  ["flow.unknown_step", 'there is no step "{step}"', "không có bước “{step}”"],
  ["flow.unknown_flow", 'there is no flow "{flow}"', "không có kịch bản “{flow}”"],
  ["flow.unreachable", 'no path leads to the step "{step}"', "không có đường nào dẫn đến bước “{step}”"],
  [
    "flow.endless",
    'the step "{step}" leads back to itself without ever waiting for an answer',
    "bước “{step}” quay lại chính nó mà không chờ câu trả lời nào",
  ],
  [
    "flow.long_text",
    "the text has {n} characters; at most {max} fit one message",
    "câu này có {n} ký tự; một tin chỉ vừa {max}",
  ],
  ["flow.unknown_field", "nothing fills {name}", "không có gì để điền vào {name}"],
  [
    "flow.unknown_service",
    'the directory has no usable service "{id}"',
    "danh bạ không có nơi “{id}” dùng được",
  ],
  ["flow.unknown_instrument", 'there is no instrument "{id}"', "không có bộ câu hỏi “{id}”"],
  ["flow.unknown_category", 'nothing is ever heard as "{name}"', "máy không bao giờ nghe ra loại “{name}”"],
  [
    "flow.unknown_answer",
    'nothing is ever asked at "{step}"',
    "không có câu hỏi nào ở “{step}”, nên điều kiện này không bao giờ đúng",
  ],
  [
    "flow.unknown_answer",
    '"{step}" has no choice "{id}"',
    "câu hỏi “{step}” không có lựa chọn “{id}”, nên điều kiện này không bao giờ đúng",
  ],
  ["flow.double_choice", 'two choices are called "{id}"', "hai lựa chọn cùng tên “{id}”"],
  [
    "flow.long_value",
    'the names of flow, step and choice "{id}" are too long together',
    "tên kịch bản, bước và lựa chọn “{id}” cộng lại dài quá",
  ],
  ["knowledge.related_self", "an article cannot offer itself next", "bài không thể tự gợi ý chính nó"],
  ["knowledge.related_dead", 'there is no article "{id}"', "không có bài “{id}”"],
  [
    "knowledge.source_weak",
    '"{title}" is too weak to tell people',
    "nguồn “{title}” chưa đủ chắc để nói với mọi người",
  ],
  ["knowledge.source_no_address", '"{title}" has no address', "nguồn “{title}” chưa có địa chỉ web"],
  ["knowledge.law_no_number", '"{law}" needs a number or an article', "“{law}” cần số hiệu hoặc điều"],
  ["knowledge.date_wrong", "{day} is not a day of the calendar", "{day} không có trong lịch"],
  [
    "knowledge.date_future",
    "checked on {day}, which is not yet",
    "ghi là đã kiểm tra ngày {day}, nhưng ngày ấy chưa đến",
  ],
  [
    "knowledge.date_order",
    "{until} is not after the check on {checked}; to withdraw it at once, set both to days that are over",
    "{until} phải sau ngày kiểm tra {checked}; muốn rút ngay thì đặt cả hai về những ngày đã qua",
  ],
  [
    "knowledge.date_order",
    "{until} is not after the check on {checked}",
    "{until} phải sau ngày kiểm tra {checked}",
  ],
  [
    "knowledge.overdue",
    "withdrawn since {day}: check it again and set a new day",
    "đã quá hạn {day} nên đang được rút; hãy kiểm tra lại và đặt ngày mới",
  ],
  [
    "knowledge.markup",
    "no HTML, links or bold: chats show it as it is",
    "không dùng HTML, liên kết hay chữ đậm: trong tin nhắn chúng hiện nguyên như chữ",
  ],
  [
    "knowledge.shelter_address",
    "no street address of a house where people are kept safe",
    "không ghi địa chỉ của nhà nơi người ta đang được che chở",
  ],
  ["knowledge.unwritten", "this is still the template", "chỗ này vẫn là mẫu, chưa được viết"],
  [
    "knowledge.phone_unknown",
    "{phone} is not in the directory with status use",
    "số {phone} không có trong danh bạ đang dùng",
  ],
  [
    "knowledge.hard_to_read",
    '{n} syllables in one sentence (at most {max}): "{sentence}"',
    "câu dài {n} tiếng (nhiều nhất {max}): “{sentence}”",
  ],
  [
    "knowledge.law_unnamed",
    "speaks of law, but the head names no law with its number",
    "có nói đến luật, nhưng phần khai báo chưa ghi luật nào với số hiệu",
  ],
  ["knowledge.province_unknown", 'there is no province "{id}"', "không có tỉnh “{id}”"],
  ["knowledge.area_empty", "names no province", "chưa ghi tỉnh nào"],
  [
    "knowledge.service_weak",
    "a weakly sourced service may only have status verify",
    "nơi có nguồn chưa chắc chỉ được để verify",
  ],
  ["knowledge.alias_twice", '"{name}" already means {other}', "“{name}” đã chỉ {other}"],
  [
    "knowledge.question_twice",
    '"{question}" already leads to {other}',
    "câu “{question}” đã dẫn đến {other}",
  ],
  [
    "knowledge.near_duplicate",
    "says nearly the same as {other} ({n} % of three-syllable runs shared)",
    "gần như trùng với {other} (giống {n} % cụm ba tiếng)",
  ],
  [
    "knowledge.banned_unreadable",
    "the list of banned phrases cannot be read, so no text was checked against it",
    "không đọc được danh sách từ cấm, nên chưa đối chiếu được bài nào",
  ],
  [
    "knowledge.golden_form",
    'needs {"question": "…", "ids": ["…"]}',
    'cần có dạng {"question": "…", "ids": ["…"]}',
  ],
  ["knowledge.golden_dead", 'there is no article "{id}"', "không có bài “{id}”"],
  ["knowledge.golden_dead", 'there is no passage "{id}"', "không có đoạn “{id}”"],
  [
    "knowledge.golden_copied",
    '"{question}" stands word for word in an article, so it proves nothing',
    "câu “{question}” có nguyên văn trong một bài, nên không chứng tỏ được gì",
  ],
];

interface Reading {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly vietnamese: string;
}

const readings = new Map<string, Reading[]>();
for (const [code, english, vietnamese] of [...ROWS, ...YAML, ...FIELDS]) {
  const names: string[] = [];
  const pattern = english
    .split(/(\{[a-z]+\})/)
    .map((part) => {
      if (!/^\{[a-z]+\}$/.test(part)) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      names.push(part.slice(1, -1));
      return "([\\s\\S]*?)";
    })
    .join("");
  const known = readings.get(code) ?? [];
  known.push({ pattern: new RegExp(`^${pattern}$`), names, vietnamese });
  readings.set(code, known);
}

/** The sentence in Vietnamese; null: it has no row. */
function inVietnamese(code: string, message: string): string | null {
  for (const { pattern, names, vietnamese } of [...(readings.get(code) ?? []), ...(readings.get("") ?? [])]) {
    const found = pattern.exec(message);
    if (!found) continue;
    const facts = new Map(names.map((name, i) => [name, found[i + 1] ?? ""]));
    return vietnamese.replace(/\{([a-z]+)\}/g, (whole, name: string) => {
      const fact = facts.get(name);
      if (fact === undefined) return whole;
      // The library's own words about YAML are a sentence by themselves.
      return name === "detail" ? (inVietnamese("", fact.split(/ at line \d+/)[0] ?? fact) ?? fact) : fact;
    });
  }
  return null;
}

/** What a person reads: in her language where it has the sentence. */
export function sayProblem(problem: Problem, lang: Lang): string {
  return lang === "vi"
    ? (problem.vi ?? inVietnamese(problem.code, problem.message) ?? problem.message)
    : problem.message;
}

/** The same problems with their Vietnamese beside the English. */
export function inBoth(problems: readonly Problem[]): Problem[] {
  return problems.map((p) => {
    const vi = p.vi ?? inVietnamese(p.code, p.message);
    return vi === null ? p : { ...p, vi };
  });
}
