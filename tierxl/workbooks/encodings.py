"""Encodings of text files: what the bytes themselves say, else what the words that are not ASCII look like."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from tierxl.method.issues import CannotGrade, Issue

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NO_UTF_8, _BEYOND_ASCII = re.compile("[\udc80-\udcff]"), re.compile("[^\x00-\x7f\udc80-\udcff]")
_LONGEST_SAMPLE = 20_000
_BETWEEN_WORDS = re.compile(rb"[\s,;\"]+")
_SIGN_WITHIN = re.compile(r"[^\W\d_][£¥§°©®™²³½]|[£¥§°©®™²³½][^\W\d_]")
_LAST_ASCII = 127
_MOST, _SURER = 0.9, 2
"""The share of words that must read well in Windows-1252 to be of it; the words more by which another is surer."""


_NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "iso8859_2": "ISO 8859-2",
    "mac_roman": "Mac Roman",
    "cp850": "cp850",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp866": "cp866",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp874": "Windows-874",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5hkscs": "Big5",
    "cp949": "EUC-KR",
}
"""The encodings that are looked for, and what people call them."""

_WEST = "äöüß àâæçéèêëîïôœùûü áéíñóúüº àáâãçéêíóôõúüª àèéìíòóùú áéëèïíóöüç åäöéü åæøéöäü áéíóúýþæöð"
_CENTRE = "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîşţ čćđšž"
_LETTERS = {
    codec: [frozenset(alphabet) for alphabet in alphabets.split()]
    for codec, alphabets in {
        "cp1252": _WEST,
        "cp1250": _CENTRE,
        "iso8859_2": _CENTRE,
        "cp1254": "çğıöşüâîû",
        "cp1257": "ąčęėįšųūž āčēģīķļņšūž äõöüšž",
        "mac_roman": _WEST,
        "cp850": _WEST,
    }.items()
}
"""The Latin encodings, and the letters beyond ASCII of each language that they were made for."""

_ASCII_AND_SIGNS = frozenset(map(chr, range(128))) | frozenset(
    "\N{COMBINING DOT ABOVE}\xa0‘’‚“”„«»–—…•·€£¥§°©®™²³½¿¡×µ"
)


@dataclass(frozen=True)
class Encoding:
    """An encoding of a text file.

    Attributes:
        codec: Python's name for it.
        mark: the bytes before the text.
    """

    codec: str = "utf-8"
    mark: bytes = b""

    @property
    def name(self) -> str:
        """The name that people know it by."""
        return _NAMES.get(self.codec, self.codec)

    @property
    def is_utf(self) -> bool:
        """True for UTF-8, UTF-16 and the like, which hold every letter."""
        return self.codec.startswith("utf")


def decoded(raw: bytes, path: Path, wanted: str | None = None) -> tuple[str, Encoding]:
    """The text of a file, and its encoding.

    Args:
        raw: the bytes of the file.
        path: the file, for errors.
        wanted: the name of its encoding, where the user says it.

    Raises:
        CannotGrade: it is no text, or no text in the encoding that is wanted.
    """
    for encoding in _wanted(raw, wanted) if wanted else _possible(raw, path):
        try:
            return raw[len(encoding.mark) :].decode(encoding.codec).lstrip("\ufeff"), encoding
        except UnicodeDecodeError as error:
            if wanted:
                line = raw.count(b"\n", 0, error.start) + 1
                raise CannotGrade(
                    f"{path.name} is not in {wanted}: line {line:,} cannot be read so. "
                    "Give another name with --encoding, or leave it out."
                ) from error
    raise CannotGrade(f"{path.name} is not a text file: save it as CSV (UTF-8).")


def encoding_issues(encoding: Encoding, path: Path) -> list[Issue]:
    """An assumption for an encoding that was only found by its letters."""
    if encoding.is_utf:
        return []
    message = f"the file {path.name} was read as {encoding.name}: if names look wrong, say which it is with --encoding"
    return [Issue(message, assumed=True)]


def _wanted(raw: bytes, name: str) -> list[Encoding]:
    try:
        codec = codecs.lookup(name).name
        "".encode(codec)  # a codec can also be one of bytes
    except LookupError as error:
        raise CannotGrade(
            f'There is no encoding "{name}": give one such as utf-8, windows-1252, windows-1250, shift-jis or gb18030.'
        ) from error
    mark = next((mark for mark, marked in _MARKS.items() if raw.startswith(mark) and marked.startswith(codec)), b"")
    return [Encoding(_MARKS[mark] if mark else codec, mark)]


def _possible(raw: bytes, path: Path) -> Iterator[Encoding]:
    """The encodings that a file may have, the likeliest first."""
    marked = next((Encoding(codec, mark) for mark, codec in _MARKS.items() if raw.startswith(mark)), None)
    if marked:
        yield marked
    elif raw[1:2] == b"\0":
        yield Encoding("utf-16-le")
    elif raw[:1] == b"\0":
        yield Encoding("utf-16-be")
    else:
        yield Encoding()
        _refuse_mixed_encodings(raw, path)
        yield from map(Encoding, _by_letters(raw))


def _refuse_mixed_encodings(raw: bytes, path: Path) -> None:
    """Refuse UTF-8 with a few bytes of another encoding. Other encodings look like UTF-8 in few places, if at all."""
    text = raw.decode("utf-8", "surrogateescape")
    others = list(_NO_UTF_8.finditer(text))
    if len(others) < len(_BEYOND_ASCII.findall(text)):
        line = text.count("\n", 0, others[0].start()) + 1
        raise CannotGrade(f"{path.name} is in UTF-8, but line {line:,} is not: save it as CSV (UTF-8).")


def _by_letters(raw: bytes) -> Iterator[str]:
    """The encodings that the words beyond ASCII may have, the likeliest first; Windows-1252 unless another is surer."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  only files that are not UTF need it

    words = _words_beyond_ascii(raw)
    likeliest = from_bytes(b" ".join(words), cp_isolation=list(_NAMES)).best()
    detected = likeliest.encoding if likeliest else ""
    legible = {codec: sum(_is_legible(word, codec) for word in words) for codec in _LETTERS}
    western = next(iter(_LETTERS))
    letters = sum(sum(byte > _LAST_ASCII for byte in word) for word in words)
    is_other_script = detected and detected not in _LETTERS and letters > len(words)
    if is_other_script and legible[western] < _MOST * len(words):
        yield detected
    by_legibility = sorted(_LETTERS, key=lambda codec: (-legible[codec], codec != detected))
    yield from (codec for codec in by_legibility if legible[codec] >= legible[western] + _SURER)
    yield western
    yield from (codec for codec in by_legibility if legible[codec] >= _MOST * len(words))


def _words_beyond_ascii(raw: bytes) -> set[bytes]:
    """The first words that are not ASCII, so many that a detector can tell by them."""
    words: set[bytes] = set()
    size = 0
    for line in BytesIO(raw):
        if not line.isascii():
            beyond = {word for word in _BETWEEN_WORDS.split(line) if not word.isascii()} - words
            words |= beyond
            size += sum(map(len, beyond))
            if size > _LONGEST_SAMPLE:
                break
    return words


def _is_legible(word: bytes, codec: str) -> bool:
    """True for a word with nothing beyond ASCII but letters of one language that an encoding was made for."""
    try:
        text = word.decode(codec).lower()
    except UnicodeDecodeError:
        return False
    letters = {*text} - _ASCII_AND_SIGNS
    return any(letters <= alphabet for alphabet in _LETTERS[codec]) and not _SIGN_WITHIN.search(text)
