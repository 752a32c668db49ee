"""What the house promises about itself, read from its sources: who imports whom, one door a library, short files."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# In the order of imports: a room knows only those before it.
ROOMS = ("index", "qa", "eval", "web", "app")

DOORS = {
    "faiss": ("index/vectors.py",),
    "tantivy": ("index/keywords.py",),
    "sqlite3": ("index/store.py", "index/pending.py"),
    # What is compared with is not Wenju: it does not go through Wenju's doors, and is not installed with it.
    "sentence_transformers": ("index/embed.py", "index/train*.py", "qa/rerank.py", "eval/peers/*.py"),
    "huggingface_hub": ("index/models.py",),
    "opencc": ("index/fold.py",),
    "charset_normalizer": ("index/decode.py",),
    "docx": ("index/read_docx.py", "eval/carry.py", "web/export.py"),
    "selectolax": ("index/read_html.py",),
    "pypdfium2": ("index/read_pdf.py",),
    "rapidocr": ("index/recognise.py",),
    "openai": ("qa/llm.py",),
    "rich": ("qa/chat.py",),
    "tomllib": ("qa/settings.py", "web/accounts.py"),
    "gradio": ("web/*.py", "app.py"),
}
# Seconds to import, or not installed everywhere: only inside the function that needs them.
HEAVY = {
    "torch",
    "gradio",
    "faiss",
    "sentence_transformers",
    "tantivy",
    "transformers",
    "selectolax",
    "pypdfium2",
    "rapidocr",
}
CONDUCTORS = (
    "index/__init__.py",
    "index/__main__.py",
    "index/commands.py",
    "index/watch.py",
    "index/aside.py",
    "index/pages.py",
    "index/build.py",
    "index/compose.py",
    "index/library.py",
    "index/rows.py",
    "index/seals.py",
    "index/stores.py",
    "index/verify.py",
    "index/embed.py",
    "index/reembed.py",
    "index/read.py",
    "index/outline.py",
    "index/layout.py",
    "index/search.py",
    "index/closeness.py",
    "index/windows.py",
)
CONDUCTORS_OF_TRAINING = "index/train*.py"
SHARED_NOUNS = {
    *("index.records", "index.config", "index.schema", "index.document", "index.steps"),
    *("index.numbering", "index.counting"),  # pure patterns, pure arithmetic
}
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
VAGUE_NAMES = {"utils", "util", "helpers", "common", "misc", "manager", "service", "types"}
W3C_NAMESPACE = "http://www.w3.org/"

LONGEST_FILE = 280
LONGEST_FUNCTION = 50
WIDEST_DOOR = 8


def sources() -> list[str]:
    """Every source file of the house, as a path from its root."""
    found = [path for room in ROOMS[:-1] for path in sorted((ROOT / room).rglob("*.py"))]
    return [path.relative_to(ROOT).as_posix() for path in (*found, ROOT / "app.py") if path.exists()]


@cache
def tree_of(source: str) -> ast.Module:
    return ast.parse((ROOT / source).read_text("utf-8"), source)


def room_of(source: str) -> str:
    return source.split("/", maxsplit=1)[0].removesuffix(".py")


def module_of(source: str) -> str:
    return source.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(nodes: Iterator[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of every import; the name is empty for `import module`."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: write imports in full, not from ."
            yield from ((node.module or "", alias.name) for alias in node.names)


def all_imports(source: str) -> set[tuple[str, str]]:
    return set(imports(ast.walk(tree_of(source))))


def imports_when_loaded(source: str) -> set[tuple[str, str]]:
    """The imports that run when the file is imported: outside functions, and not for the type checker only."""
    return set(imports(_running(tree_of(source))))


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _running(child)


def modules_imported(source: str) -> set[str]:
    """Own modules that `source` imports, a submodule also when it is imported as a name of its room."""
    known = {module_of(one) for one in sources()}
    pairs = all_imports(source)
    return {full if (full := f"{module}.{name}") in known else module for module, name in pairs} & known


def public_names(room: str) -> set[str]:
    for node in tree_of(f"{room}/__init__.py").body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            names = ast.literal_eval(node.value)
            return set(names)
    return set()


def matches(source: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(source, pattern) for pattern in patterns)


every_source = pytest.mark.parametrize("source", sources())


@every_source
def test_a_room_imports_only_rooms_before_it(source: str) -> None:
    later = set(ROOMS[ROOMS.index(room_of(source)) + 1 :])
    assert not {module for module, _ in all_imports(source) if module.split(".")[0] in later}


@every_source
def test_another_room_is_entered_through_its_front_door(source: str) -> None:
    others = set(ROOMS[:-1]) - {room_of(source)}
    entered = {(module, name) for module, name in all_imports(source) if module.split(".")[0] in others}
    for module, name in sorted(entered):
        assert "." not in module, f"{source} reaches into {module}; import from {module.split('.')[0]} itself"
        if (ROOT / module / "__init__.py").exists():
            assert name in public_names(module), f"{source}: {name or 'import ' + module} is not in {module}.__all__"


@every_source
def test_workers_of_the_index_do_not_know_each_other(source: str) -> None:
    if room_of(source) != "index" or matches(source, (*CONDUCTORS, CONDUCTORS_OF_TRAINING)):
        return
    assert {one for one in modules_imported(source) if one.startswith("index")} <= SHARED_NOUNS


def test_no_module_imports_itself_by_a_detour() -> None:
    knows = {module_of(source): modules_imported(source) - {module_of(source)} for source in sources()}
    while free := {module for module, others in knows.items() if not others & knows.keys()}:
        knows = {module: others for module, others in knows.items() if module not in free}
    assert not knows, f"these import each other: {sorted(knows)}"


@every_source
def test_every_foreign_library_has_one_door(source: str) -> None:
    named = {module.split(".")[0] for module, _ in all_imports(source)}
    strayed = {library for library in named & DOORS.keys() if not matches(source, DOORS[library])}
    assert not strayed, f"{source} imports {strayed}; their doors are {[DOORS[library] for library in strayed]}"


@every_source
def test_heavy_libraries_are_imported_where_they_are_used(source: str) -> None:
    if room_of(source) in ("index", "qa", "eval"):
        assert not HEAVY & {module.split(".")[0] for module, _ in imports_when_loaded(source)}


@every_source
def test_no_private_name_leaves_its_file(source: str) -> None:
    taken = {(module, name) for module, name in all_imports(source) if re.match(r"_(?!_)", name)}
    assert not taken, f"{source} imports {taken}"


@every_source
def test_a_file_begins_with_what_it_makes(source: str) -> None:
    assert ast.get_docstring(tree_of(source)), f"{source} has no docstring"


@every_source
def test_a_file_is_short(source: str) -> None:
    lines = (ROOT / source).read_text("utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{source} has {lines} lines"


@every_source
def test_a_function_is_short(source: str) -> None:
    functions = [one for one in ast.walk(tree_of(source)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {one.name: (one.end_lineno or one.lineno) - one.lineno + 1 for one in functions}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


@every_source
def test_a_file_says_by_its_name_what_is_in_it(source: str) -> None:
    assert Path(source).stem not in VAGUE_NAMES


@pytest.mark.parametrize("room", [room for room in ROOMS[:-1] if (ROOT / room / "__init__.py").exists()])
def test_a_front_door_has_at_most_eight_names(room: str) -> None:
    assert len(public_names(room)) <= WIDEST_DOOR


@every_source
def test_nothing_that_is_read_can_run_as_code(source: str) -> None:
    nodes = list(ast.walk(tree_of(source)))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    assert not UNSAFE_MODULES & {module.split(".")[0] for module, _ in all_imports(source)}
    assert not {"eval", "exec", "torch.load"} & {ast.unparse(call.func) for call in calls}
    assert ("torch", "load") not in all_imports(source)
    assert "trust_remote_code" not in ast.unparse(tree_of(source))
    assert not [word for call in calls for word in call.keywords if word.arg == "allow_pickle"]


WINDOW_FILES = sorted(path for ending in ("py", "css", "js") for path in (ROOT / "web").rglob(f"*.{ending}"))


@pytest.mark.parametrize("path", WINDOW_FILES, ids=[path.name for path in WINDOW_FILES])
def test_the_window_loads_nothing_from_elsewhere(path: Path) -> None:
    addresses = re.findall(r"https?://[^\s\"')]*|[\"'(]//[\w.]+", path.read_text("utf-8"))
    assert not [address for address in addresses if not address.startswith(W3C_NAMESPACE)]


def test_no_test_folder_hides_a_room() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))
