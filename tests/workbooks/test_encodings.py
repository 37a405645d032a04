"""CSV files in the encodings that spreadsheets and business programs of many countries write."""

import io
import re
from pathlib import Path

import pytest

from tests.files import AS_OF, clients_of, csv_file, csv_records, grade
from tests.runs import first
from tierxl.method.issues import CannotGrade
from tierxl.method.progress import silent
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request, read_clients_of
from tierxl.workbooks.text_file import TextFile

RUSSIAN = ["Хлебозавод «Колосок»", "ООО Рассвет", "Аптека Здоровье", "Верфь Нева", "ИП Соколова", "Мебель и Ко"]
UKRAINIAN = ["Львівські ласощі", "Їдальня «Смак»", "Одеський порт", "Завод Іскра", "Аграрій", "Київські вікна"]
GREEK = ["Αρτοποιείο Ήλιος", "Ναυπηγεία Πειραιά", "Φαρμακείο Κέντρο", "Τυροκομείο Όλυμπος", "Ελαιώνας", "Γραφείο Παππά"]
JAPANESE = ["株式会社北斗製作所", "みどり幼稚園", "山口商店", "カメラのサトウ", "東西運輸", "ほしの歯科"]
CHINESE = ["广州远航贸易有限公司", "成都蜀香餐饮", "北京恒信会计师事务所", "青岛海洋食品", "杭州绿茶园", "大连造船厂"]
TRADITIONAL = ["臺北遠東貿易", "高雄港務公司", "新竹電子廠", "花蓮大理石行", "嘉義農會", "臺中精機廠"]
KOREAN = ["한강물산", "부산수산시장", "제주감귤농원", "대구섬유공업", "서울한의원", "인천항만운송"]
POLISH = ["Piekarnia Złoty Łan", "Usługi Gąska", "Żabka Dźwigi", "Kancelaria Jaśkowiak", "Młyn Wiśnia", "Huta Żelazna"]
CZECH = ["Pekárna Dvořák", "Železářství Říha", "Lékárna U Jiříčka", "Město Třeboň", "Šťastný a syn", "Účetní Kůrka"]
TURKISH = ["Işık Gıda", "Güneş İnşaat", "Şahin Nakliyat", "Yıldız Ağaç", "Öztürk Çelik", "Kılıç Eczanesi"]
GERMAN = ["Bäckerei Groß", "Müller & Söhne", "Gärtnerei Möhrle", "Praxis Dr. Kühn", "Straßenbau Löwe", "Café Übersee"]
FRENCH = [
    "Boulangerie Lefèvre",
    "Café de l’Été",
    "Maçonnerie Noël",
    "Hôtel du Château",
    "Société Générale",
    "Pâtisserie",
]
MIXED = ["Bäckerei Groß", "Café Père Noël", "Peña y Hijos", "São Bento", "Åkeri Malmö", "Ærø Skibe"]


def rows_of(names: list[str], count: int) -> str:
    lines = [f"{name};Ort {at};{1000 + 37 * at},50" for at, name in enumerate(names[:count])]
    return "\r\n".join(["Client;City;Revenue", *lines, ""])


def names_of(path: Path, encoding: str | None = None) -> list[str]:
    request = Request(path, AS_OF, encoding=encoding)
    return read_clients_of(request, silent).table.cells.to_series(0).to_list()


@pytest.mark.parametrize("count", first(1, [6, 12]))
@pytest.mark.parametrize(
    ("names", "encoding", "name"),
    first(
        8,
        [
            (RUSSIAN, "cp1251", "Windows-1251"),
            (UKRAINIAN, "cp1251", "Windows-1251"),
            ([name.strip("«»") for name in RUSSIAN[1:]], "koi8_r", "KOI8-R"),
            (GREEK, "cp1253", "Windows-1253"),
            (JAPANESE, "cp932", "Shift-JIS"),
            (JAPANESE, "euc_jp", "EUC-JP"),
            (CHINESE, "gb18030", "GB18030"),
            (CHINESE, "gbk", "GB18030"),
            (TRADITIONAL, "big5", "Big5"),
            (KOREAN, "cp949", "EUC-KR"),
            (POLISH, "cp1250", "Windows-1250"),
            (POLISH, "iso8859_2", "ISO 8859-2"),
            (CZECH, "cp1250", "Windows-1250"),
            (TURKISH, "cp1254", "Windows-1254"),
            (GERMAN, "cp1252", "Windows-1252"),
            (FRENCH, "cp1252", "Windows-1252"),
            (MIXED, "cp1252", "Windows-1252"),
        ],
    ),
)
def test_a_short_list_is_read_in_its_encoding_and_the_encoding_is_said_once(
    tmp_path: Path, names: list[str], encoding: str, name: str, count: int
):
    path = tmp_path / "kunden.csv"
    path.write_bytes(rows_of(names * 2, count).encode(encoding))
    assert names_of(path) == (names * 2)[:count]
    issues = [str(issue) for issue in check_file(Request(path, AS_OF)).issues]
    says = f"the file kunden.csv was read as {name}: if names look wrong, say which it is with --encoding"
    assert issues.count(says) == 1


@pytest.mark.parametrize("name", ["Müller", "Café", "Peña", "São", "Ørsted", "Þór", "Groß", "Nº 5", "50 £", "Büro (€)"])
def test_one_western_word_is_windows_1252(tmp_path: Path, name: str):
    path = tmp_path / "kunden.csv"
    path.write_bytes(f"Client,Revenue\n{name},1\nAbel,2\n".encode("cp1252"))
    assert names_of(path) == [name, "Abel"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "ascii"])
def test_of_utf_nothing_is_said(tmp_path: Path, encoding: str):
    path = csv_file(tmp_path, "")
    path.write_bytes("Client,Revenue\nAbel,1\n".encode(encoding))
    assert not clients_of(path).issues


def test_a_long_list_is_told_by_the_words_that_are_not_ascii(tmp_path: Path):
    plain = "".join(f"Client {at};Town;{at},5\n" for at in range(20_000))
    path = csv_file(tmp_path, "")
    path.write_bytes(("Client;City;Revenue\n" + plain + "".join(f"{n};Gdańsk;1,5\n" for n in POLISH)).encode("cp1250"))
    assert names_of(path)[-6:] == POLISH


def test_the_user_says_the_encoding(tmp_path: Path):
    path = csv_file(tmp_path, "")
    path.write_bytes("Client;Revenue\nKővári Pék;1\n".encode("cp1250"))
    assert names_of(path, "windows-1250") == ["Kővári Pék"]
    assert not read_clients_of(Request(path, AS_OF, encoding="cp1250"), silent).table.issues


def test_an_encoding_that_does_not_exist_is_refused(tmp_path: Path):
    with pytest.raises(CannotGrade, match='There is no encoding "windows-99": give one such as utf-8, windows-1252'):
        names_of(csv_file(tmp_path, "Client,Revenue\nAbel,1\n"), "windows-99")


@pytest.mark.parametrize("name", ["base64", "rot13", "hex"])
def test_a_codec_of_bytes_is_no_encoding(tmp_path: Path, name: str):
    with pytest.raises(CannotGrade, match="There is no encoding"):
        names_of(csv_file(tmp_path, "Client,Revenue\nAbel,1\n"), name)


def test_an_encoding_that_does_not_fit_is_refused_with_the_line(tmp_path: Path):
    path = csv_file(tmp_path, "")
    path.write_bytes("Client;Revenue\nAbel;1\nMüller;2\n".encode("cp1252"))
    with pytest.raises(CannotGrade, match=r"clients\.csv is not in utf-8: line 3 cannot be read so\."):
        names_of(path, "utf-8")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    first(2, [("cp1252", b""), ("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("cp932", b"")]),
)
def test_a_list_graded_in_place_keeps_its_encoding_and_its_mark(tmp_path: Path, encoding: str, mark: bytes):
    path = tmp_path / "clients.csv"
    names = JAPANESE if encoding == "cp932" else GERMAN
    path.write_bytes(mark + rows_of(names, 6).encode(encoding))
    grade(path, path)
    raw = path.read_bytes()
    assert raw.startswith(mark + "Client;City;Revenue;Tier;".encode(encoding))
    assert names_of(path) == names


def in_windows_1252(folder: Path) -> TextFile:
    path = folder / "clients.csv"
    path.write_bytes("Client;Revenue\nMüller;1\n".encode("cp1252"))
    file = clients_of(path).text
    assert file
    return file


def test_signs_that_the_encoding_lacks_are_written_plainly(tmp_path: Path):
    written = io.BytesIO()
    in_windows_1252(tmp_path).write(written, [["Müller", "makes a loss (\N{MINUS SIGN}4\N{NARROW NO-BREAK SPACE}%)"]])
    assert written.getvalue() == "Müller;makes a loss (-4 %)\n".encode("cp1252")


def test_words_that_the_encoding_lacks_are_refused_with_the_way_out(tmp_path: Path):
    sentence = (
        'clients.csv is in Windows-1252, which has no "Ж", and the grading needs it: '
        "save the file as CSV (UTF-8), or write another with -o graded.csv."
    )
    with pytest.raises(CannotGrade, match=re.escape(sentence)):
        in_windows_1252(tmp_path).write(io.BytesIO(), [["Жук"]])


def test_a_copy_is_written_in_utf_8_with_commas(tmp_path: Path):
    path = tmp_path / "clients.csv"
    path.write_bytes(rows_of(GERMAN, 6).encode("cp1252"))
    grade(path, tmp_path / "graded.csv")
    assert [record["Client"] for record in csv_records(tmp_path / "graded.csv")] == GERMAN
