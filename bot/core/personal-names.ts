/** Vietnamese family and given names and the words that stand before a name: for masking, so better too many than too few. */

const split = (words: string) => words.split(/\s+/).filter(Boolean);

/** With marks, lower case. */
export const FAMILY_NAMES: readonly string[] = split(
  "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn trịnh đinh mai lâm phùng cao hà tạ lương vương châu thạch sơn kim giàng vàng lò vừ thào sùng lầu triệu hứa nông bế chu quách tống tô thái từ la quàng cầm điêu đồng khổng mạc nghiêm ông tăng tôn ung văn vi",
);
export const MIDDLE_NAMES: readonly string[] = split(
  "văn thị đức hữu quang ngọc minh thanh xuân thu hồng quốc công đình bá thế gia kim thùy thúy phương bảo anh hoài mỹ",
);
/** Given names that people write without a capital after a word for a person. */
export const GIVEN_NAMES: readonly string[] = split(
  "lan hoa hương huệ cúc mai linh trang thảo ngọc hạnh hiền thủy thúy nga yến phượng quỳnh vy đức hải long sơn cường khánh kiên quang vinh phúc tâm tuyết loan oanh nhung ly đạt huy minh quân tú việt toàn trung trường hoàng dương giang hà hằng hồng kim lâm liên my ngân nhi như vân xuân tuấn hùng dũng thắng nam tùng tài bình phong thịnh thành khoa khôi nghĩa hậu lợi lộc phát phú quý tấn thiện thuận trí tiến vũ hưng hiếu hòa hoài diễm diệu duyên hân hoàn kiều lệ mẫn nguyệt nhàn thơm thu thư trâm trinh trúc tuyền uyên chi châu bích ánh dung đào gấm hường lụa lượm mến mỹ nhàn nụ phấn sen sương thoa tươi vui dậu tí sửu dần mão thìn tỵ hợi páo mỷ súa dợ chứ",
);

/** Words after which a capital is a name, in both spellings. */
export const TITLES: readonly string[] = split(
  "anh chị em cô chú bác ông bà thằng con cháu dì cậu mợ thím mẹ bố ba má chồng vợ bạn nó gã lão thầy ảnh chỉ chi co chu bac thang chau di cau mo thim me bo ma chong vo ban no ga lao thay ong ba husband wife mr mrs ms miss boyfriend girlfriend brother sister",
);
