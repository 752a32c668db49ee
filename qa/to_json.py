"""Makes plain values of an Answer, for JSON: the one form that the command line, the API and tests share."""

from qa.records import Answer


def to_json(answer: Answer) -> dict[str, object]:
    """Return the answer as JSON's values."""
    return {
        "question": answer.question,
        "searched": answer.searched,
        "text": answer.text,
        "lead": answer.lead,
        "refused": answer.refused,
        "confidence": round(answer.confidence, 4),
        "mode": answer.mode.value,
        "citations": [
            {
                "mark": c.mark,
                "report": c.report,
                "title": c.title,
                "section": list(c.section),
                "paragraph": c.paragraph,
                "start": c.start,
                "end": c.end,
                "quote": c.quote,
                "version": c.version,
            }
            for c in answer.citations
        ],
        "hits": [
            {
                "report": hit.paragraph.report,
                "paragraph": hit.paragraph.number,
                "section": list(hit.paragraph.section),
                "text": hit.paragraph.text,
                "score": round(hit.score, 4),
                "version": hit.version,
            }
            for hit in answer.hits
        ],
        "flags": [
            {
                "start": flag.start,
                "end": flag.end,
                "reason": flag.reason.value,
                "detail": flag.detail,
                "text": answer.text[flag.start : flag.end],
            }
            for flag in answer.flags
        ],
        "warnings": list(answer.warnings),
        "seconds": {step.step: round(step.seconds, 5) for step in answer.seconds},
    }
