"""The reference: four pages of a report with one photograph, and the same content for the other two."""

import base64
import io

from PIL import Image, ImageFilter

from secunda.reporting.content import ReportContent
from secunda.reporting.images import KeyImage
from secunda.reporting.render import TEMPLATES, to_html
from secunda.reporting.typeface import FACES, FAMILY, FOLDER
from tests.unit.reporting.samples import sample

LANGUAGE = "es"


def reference() -> ReportContent:
    """A report of four pages, the patient's own among them, with a photograph of 1200 × 800 pixels."""
    full = sample("orthopedics")
    left_out = dict.fromkeys(("alternatives", "sections", "timeline"), ()) | dict.fromkeys(
        ("history", "clinical_impact", "red_flags"), ""
    )
    return full.model_copy(
        update={
            **left_out,
            "amendment": None,
            "key_images": (_photograph(),),
            "questions": full.questions[:1],
            "recommendations": full.recommendations[:1],
            "panel": full.panel[:1],
        }
    )


def _photograph() -> KeyImage:
    shades = Image.effect_noise((1200, 800), 80).filter(ImageFilter.GaussianBlur(3)).convert("L")
    file = io.BytesIO()
    shades.save(file, "JPEG", quality=85)
    return KeyImage(
        document=2,
        frame=1,
        modality="CR",
        shows="Escalón de 6 mm entre L4 y L5 en flexión.",
        width=1200,
        height=800,
        jpeg=base64.b64encode(file.getvalue()).decode(),
    )


def page(content: ReportContent) -> str:
    """The same HTML for a browser: the style sheet and the fonts inside."""
    faces = "\n".join(
        f"@font-face {{ font-family: '{FAMILY}'; font-weight: {weight}; font-style: {style}; "
        f"src: url(data:font/ttf;base64,{base64.b64encode((FOLDER / name).read_bytes()).decode()}); }}"
        for (weight, style), name in FACES.items()
    )
    style = faces + (TEMPLATES / "report.css").read_text(encoding="utf-8")
    photograph = f"data:image/jpeg;base64,{content.key_images[0].jpeg}"
    return (
        to_html(content, LANGUAGE)
        .replace("asset:images/0", photograph)
        .replace("</head>", f"<style>{style}</style></head>")
    )


def typst_source(content: ReportContent) -> str:
    """Its texts as plain Typst: headings, paragraphs and tables, without our layout. It is a floor, not a rival."""
    parts = ['#set page("a4", margin: 23mm)', '#set text(font: "Fira Sans", size: 9.4pt)']
    for title, text in (
        ("Diagnóstico", content.diagnosis),
        ("Tratamiento", content.treatment),
        ("Antecedentes", content.history),
        ("Límites", content.limits),
        ("En palabras sencillas", content.plain_summary),
    ):
        parts.append(f"= {title}\n{_escaped(text)}")
    for question in content.questions:
        parts.append(f"== {_escaped(question.text)}\n{_escaped(question.answer)}")
    for each in content.recommendations:
        parts.append(f"== {_escaped(each.text)}\n{_escaped(each.reason)}")
    rows = ", ".join(f"[{one.label}], [{_escaped(one.title)}], [{one.sha256[:12]}]" for one in content.documents)
    parts.append(f"#table(columns: 3, {rows})")
    parts.append('#image("photograph.jpg", width: 78mm)')
    return "\n\n".join(parts)


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\#$*_`<>@[]=~/+-" else character for character in text)
