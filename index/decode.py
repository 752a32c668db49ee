"""Makes text of bytes in whatever encoding they are. The only door to encoding detection.

It does not know what a heading or a paragraph is.
"""

from dataclasses import dataclass

from index.document import ReadError

# Byte-order marks, longest first, and how the rest is decoded.
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# GB18030 holds GBK and GB2312; this Big5 holds Hong Kong's characters and Microsoft's.
_CHINESE = ("gb18030", "big5hkscs")
_WAY_OUT = "save it as UTF-8, or name its encoding with --encoding"

# The commonest characters of both scripts with their punctuation: bytes that are read in a wrong encoding
# give rare ones. Of the shipped report .78 are among them, in Big5 .76; read in the other encoding .02 and .03.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行"
    "学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前"
    "外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系"
    "情者最立代想已通并提直题党程展五果员位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别手期根论"
    "运农指几九区强放决西被干做必先回则任取据处南给色光门即保治北造百规热领七海口东导世金增济思术交受联认六共权收证改清"
    "再转更单风打教速带安场身车例真务具万每目至达走示议报完类八名确才科信节整空元况今集传步群广石记需段研界律且究观越"
    "低持众书布复容际商非验连深难近千周委技备半办省列习支般史感便团市何除消构府称准精值号率划选标存候快效院查型按格养易置"
    "层片始却专状育厂识适属住调满县局照参红细引该价严项街城区户居房企投融服务职优推供财税"
    "這個國們時來為學會發動過說產種後對經進電實現體從應開還關並與無題義樣條員總長頭見點機兩業當處問將話達間線內數質氣變沒結解"
    "黨過統計別論運農幾強決則據給門規熱領東導術聯認權證轉單風帶場車務萬議報類確節況傳廣記麼書復際驗連難備辦習團構"
    "稱準號劃選標層專廠識適屬調滿縣參紅細該價嚴項戶區舊資設級組舉優財稅億臺灣"
    "，。、；：！？“”‘’（）《》【】「」『』—…·％０１２３４５６７８９　"
)
_CLEAR = 0.3  # the least share of common characters that a text in the right encoding has
_APART = 0.15  # by so much the right encoding leads; a few characters may be common in two
_FEWEST = 8  # characters; shares of fewer are counted as if the rest were rare


@dataclass(frozen=True, slots=True)
class _Reading:
    encoding: str
    text: str
    common: float


def decode(name: str, data: bytes, encoding: str = "") -> str:
    """Return the text of `data` with `\\n` line ends; `encoding` is what the reader named, or empty.

    Raises:
        ReadError: the bytes are no text, or it cannot be told in which encoding they are.
    """
    text = _strictly(name, data, encoding) if encoding else _guessed(name, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    control = sum(ch < " " and ch not in "\t\n\r\f\x1a" for ch in text)
    if control > len(text) // 100:
        raise ReadError(f"{name} is a binary file; save the report as text, DOCX, HTML or PDF and add that.")
    return text


def _guessed(name: str, data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(name, data[len(mark) :], encoding)
    if b"\x00" in data:
        return _wide(name, data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _told_apart(name, data)


def _wide(name: str, data: bytes) -> str:
    """Read UTF-16 without its mark: line ends and figures have a zero byte on one side only."""
    for encoding, zero in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = data.count(b"\x00")
        aside = data[zero::2].count(b"\x00")
        if not len(data) % 2 and aside > 0.8 * zeros and (found := _read(data, encoding)) and found.common >= _CLEAR:
            return found.text
    raise ReadError(f"{name} is a binary file; save the report as text, DOCX, HTML or PDF and add that.")


def _told_apart(name: str, data: bytes) -> str:
    found = [reading for encoding in _CHINESE if (reading := _read(data, encoding))]
    found.sort(key=lambda reading: -reading.common)
    lead = found[0].common - (found[1].common if len(found) > 1 else 0.0) if found else 0.0
    if found and found[0].common >= _CLEAR and lead >= _APART:
        return found[0].text
    detected = _detected(data)
    if not found and detected:
        return detected
    if not found:
        raise ReadError(f"{name} is in no encoding that can be recognised; {_WAY_OUT}.")
    # Latin text of one byte a character can be read as anything; only a text with hardly any is one.
    likely = " or ".join(reading.encoding.removesuffix("hkscs").upper() for reading in found)
    raise ReadError(f"{name} may be {likely}, which is unsure for so little text; {_WAY_OUT} (such as gb18030, big5).")


def _read(data: bytes, encoding: str) -> _Reading | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    foreign = [character for character in text if not character.isascii()]
    # Of few characters each may be common by chance.
    common = sum(character in _COMMON for character in foreign) / max(len(foreign), _FEWEST) if foreign else 1.0
    return _Reading(encoding, text, common)


def _detected(data: bytes) -> str:
    """Return the text in another encoding that is recognised, or nothing."""
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return str(best) if best else ""


def _strictly(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"{name} is not whole {encoding} text; {_WAY_OUT}.") from error
    except LookupError as error:
        raise ReadError(f"There is no encoding {encoding!r}; name one such as utf-8, gb18030, big5, utf-16.") from error
