/** Who has taken the phone is known by how he speaks of her; who tells of him, or worries for a child, is not he. */

import { expect, test } from "vitest";
import { speaksAsAnother } from "../../bot/core/speaks-as-another.ts";

test.each([
  "sao tự nhiên vợ tao nhắn cái này",
  "vợ tôi đang nói chuyện với ai đấy",
  "Cấm nhắn cho vợ tao nữa",
  "đừng nhắn tin với vợ tôi nữa",
  "mày bày vợ tao bỏ tao à",
  "mày là ai mà nói chuyện với vợ tao",
  "đứa nào xúi con gái tao",
  "ai đấy trả lời đi",
  "à thì ra mày đi kể chuyện nhà cho người ta",
  "tôi là chồng của nó đây",
  "anh là chồng cô ấy",
  "bố cháu đây",
  "mẹ nó đây",
  "con gái tôi nhắn cái gì trong này",
  "con dâu nhà tôi nói xấu gì tôi đấy",
  "why is my wife texting you",
  "this is her husband",
  "stop talking to my wife",
])('"%s" is somebody else', (words) => expect(speaksAsAnother(words)).toBe(true));

test.each([
  "chồng em cấm em nhắn tin cho bạn",
  "vợ tôi đánh tôi",
  "chồng nó cấm nó nhắn tin cho tôi",
  "tôi là vợ anh ấy",
  "tôi là mẹ cháu, cháu bị bạn đánh",
  "em là bạn gái cũ của nó",
  "con gái tôi nhắn tin với người lạ, tôi lo quá",
  "con gái tôi hay nhắn tin với ai đó trên mạng",
  "ảnh nói em mà kể ai là ảnh giết",
  "em muốn nói chuyện với ai đó",
  "mẹ chồng nói xấu em",
  "bố cháu đánh cháu",
  "chồng em đây nè, đang ngồi cạnh",
  "tôi đang cầm dao đây, vợ tôi mà về là tôi đâm",
  "ba nó dạy một đằng ông nội dạy một nẻo",
  "giờ hắn nhắn tôi: mày giấu vợ tao thì vợ mày trả thay",
  "my husband reads my texts",
  "i am her sister",
  "he told me to stop talking to my friends",
])('"%s" is not', (words) => expect(speaksAsAnother(words)).toBe(false));
