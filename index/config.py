"""The room's frozen numbers and names, each with its unit and its reason."""

from dataclasses import dataclass, field
from pathlib import Path

BUNDLED_MODEL = Path(__file__).parent / "bundled"
THESAURUS = Path(__file__).parent / "thesaurus.txt"
# Written for the training of the bundled model: more words in the thesaurus' form, sentences with ways to ask for them.
WRITTEN = (THESAURUS, Path(__file__).parent / "words.txt", Path(__file__).parent / "asked.jsonl")

# A file above this many bytes is refused: the largest report seen as plain text is 3 MB.
LARGEST_FILE = 50_000_000

# Characters of a question that is searched for; a ranking over one term each takes a second for so many.
LONGEST_QUESTION = 10_000

# What reading one file may take in the process aside; a page of a PDF takes about a tenth of a second. A file above
# READING_SIZE bytes gets a second more for every so many bytes, up to READING_MOST_SECONDS.
READING_SECONDS = 30.0
READING_SIZE, READING_SIZE_A_SECOND, READING_MOST_SECONDS = 500_000, 17_000, 120.0
READING_MEMORY = 1_000_000_000  # bytes of address space; the process takes 0.15 of them before it reads anything
RECOGNISING_MEMORY = (
    4_000_000_000  # bytes of address space while a picture is recognised: ONNX Runtime reserves most of it
)

# Pixels across a page that is shown: two for each of a narrow pane on a sharp screen.
PAGE_WIDTH = 1_200

# Endings that a folder is searched for; a file named by hand may have any ending.
REPORT_ENDINGS = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".pdf")

# Counts up when derived files are made another way, so that those of an earlier Wenju are made again.
DERIVED_FORM = 2

# Two sentences a window: one is often too short to carry its topic, three dilute the answering one.
WINDOW_SENTENCES = 2

# Candidates each ranking hands to fusion: 50 found as much on DRCD dev as 200, in a quarter of the time.
CANDIDATES = 50

# Paragraphs that a token's rarity is counted over: enough that another sample changes no ranking, and
# tokenised in about a second.
RARITY_SAMPLE = 10_000

# Texts embedded in one call: large enough to fill a batch, small enough for a live progress bar.
EMBED_BATCH = 256

# Texts whose new vectors are saved together when a library moves to another embedder: what a kill loses, seconds of a
# large transformer's work; a commit costs a millisecond or two.
REEMBED_BATCH = 32

# Tokens of a text that a transformer reads, if the model itself reads that many: time grows with the square, and a
# longer paragraph is found by its windows.
LONGEST_TOKENS = 2_048

# Seconds to wait for a model hub before giving up; a hub that never answers would hang for minutes.
HUB_WAIT = 10.0


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much each standardised ranking counts; they need not sum to one.

    `related` is BM25 of the words that the thesaurus gives for the question's.
    """

    keywords: float
    windows: float
    tokens: float
    related: float = 0.0


# The best paragraph's BM25 as a share of the highest that the question's terms could reach: below the first the
# question says things in other words than any paragraph, from the second on in theirs; between them the weights blend.
REWORDED, WORD_FOR_WORD = 0.05, 0.22


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """Where the library lives, which model embeds it, and how rankings are fused.

    `embedder` is a folder or a hub name, with `:N` behind it where vectors are cut to N dimensions;
    empty means the bundled model. `download` allows the hub to be asked for a model that is not on this machine.
    """

    library: Path = Path("library")
    embedder: str = ""
    download: bool = False
    # Chosen on dev halves of DRCD and CMRC; eval/LOG.md has the sweep.
    chinese: FusionWeights = field(default=FusionWeights(0.4, 0.2, 0.4, 0.2))
    # A question whose words hardly stand in any paragraph is met by what sentences mean as a whole.
    reworded: FusionWeights = field(default=FusionWeights(0.1, 0.8, 0.6, 0.2))
    # A question without a Chinese character shares no keywords with a Chinese report.
    foreign: FusionWeights = field(default=FusionWeights(0.0, 0.4, 0.6, 0.15))
    # A model without a token table has no MaxSim ranking.
    without_tokens: FusionWeights = field(default=FusionWeights(0.7, 0.3, 0.0, 0.2))
