"""Figures of the law and of the book as people read them."""

from app import shown
from app.answers import Figure, MissingMonths
from app.texts import Say

PERMILLE_OF_PERCENT = 10
CITED = (
    ("Labour Code", "Bộ luật Lao động"),
    ("Law ", "Luật "),
    ("ND ", "NĐ "),
    ("ND-CP", "NĐ-CP"),
    ("art. ", "điều "),
    (" as amended by ", ", sửa đổi bởi "),
    (" and ", " và "),
    ("requests of data subjects", "yêu cầu của chủ thể dữ liệu"),
    ("clock of ", "thời hạn theo "),
    ("our rule, no law seen", "quy tắc của hệ thống, chưa thấy quy định"),
    (" for requests to delete", " cho yêu cầu xóa"),
)
"""How acts are cited in English, as the server does, and in Vietnamese."""


def in_words(say: Say, figure: Figure) -> str:
    """Return the value of a figure, with its unit."""
    value = figure.value
    match figure.unit, value:
        case "vnd", int():
            return say("money", amount=shown.amount(value))
        case "months", int():
            return _months(say, value)
        case "permille", int():
            share, rest = divmod(value, PERMILLE_OF_PERCENT)
            return say("unit.percent", value=f"{share},{rest}" if rest else str(share))
        case "day" | "month", str():
            return shown.partial(value)
        case unit, _:
            return say(f"unit.{unit}", value=str(value).replace(".", ","))


def _months(say: Say, months: int) -> str:
    """Return months; from a year on also as years, which people reckon in."""
    if months < shown.YEAR:
        return say("months", count=months)
    return say("months.both", count=months, span=shown.span(say, months))


def called(say: Say, figure: Figure) -> str:
    """Return what a figure is called, and of which month, region or group it is."""
    name = say(f"figure.{figure.name}")
    if not figure.of:
        return name
    which = say.code("group", figure.of)
    return f"{name}, {shown.partial(which) if which == figure.of else which}"


def source_in(say: Say, source: str) -> str:
    """Return act and article as they are cited in the language."""
    if say.language != "vi":
        return source
    for english, vietnamese in CITED:
        source = source.replace(english, vietnamese)
    return source


def missing_in_words(say: Say, gap: MissingMonths) -> str:
    """Return what was worked, what was seen of insurance, and whether the employer is there."""
    paid = ", ".join(shown.range_shown(each) for each in gap.paid)
    seen = say("gaps.seen", months=paid) if paid else say("gaps.seen.nothing")
    worked = say("gaps.worked", employer=gap.employer, months=shown.range_shown(gap.worked))
    gone = f" {say('gaps.gone')}" if gap.employer_is_gone else ""
    return f"{worked} {seen}{gone}"
