"""Promises of the trainer, on a few hand-written pairs, and of the table that is shipped."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.config import WRITTEN
from index.fold import fold
from index.train import TrainConfig, main, train
from index.train_pairs import Drawer, Encoded, Pair, Rewording, Source, read_banned, read_sources
from index.train_sayings import read_concepts, read_written, said_otherwise
from index.train_vectors import start_rows
from index.train_words import Sizes, Word, build_tokenizer, choose_others, choose_words, share_parts

pytest.importorskip("scipy", reason="training needs the extra: pip install wenju[train]")
pytest.importorskip("rjieba", reason="training needs the extra: pip install wenju[train]")

BUNDLED = Path(__file__).parents[2] / "index" / "bundled"
TOPICS = (
    ("孩子上学", "新增幼儿园和小学学位。", "school places for children"),
    ("老人养老", "建设养老院,照护老年居民。", "care homes for the elderly"),
    ("旧房改造", "拆除危房,居民搬入新居。", "old houses renewed"),
    ("公园绿化", "种植树木,开放街心花园。", "parks and trees"),
)
SIZES = Sizes(words=100, characters=200, latin=50)
SMALL = TrainConfig(steps=40, dimensions=16, batch=8, seed=3, sizes=SIZES, written=())


def write_pairs(folder: Path, name: str, pairs: Sequence[tuple[str, str]]) -> None:
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        for question, passage in pairs:
            file.write(json.dumps({"a": question, "b": passage}, ensure_ascii=False) + "\n")


def write_topics(folder: Path) -> Path:
    write_pairs(folder, "questions", [(question, passage) for question, passage, _ in TOPICS])
    write_pairs(folder, "english", [(english, passage) for _, passage, english in TOPICS])
    return folder


def similarities(model_folder: Path, questions: Sequence[str], passages: Sequence[str]) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_folder), device="cpu")
    left = model.encode([fold(text) for text in questions])
    return np.asarray(left @ model.encode([fold(text) for text in passages]).T)


def words_of(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text, 0.0 if text == "[UNK]" else -1.0) for text in ("[UNK]", *texts))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("train")
    train(write_topics(folder / "pairs"), folder / "model", SMALL)
    return folder / "model"


class TestTrain:
    def test_each_question_finds_its_passage_in_both_languages(self, trained: Path) -> None:
        passages = [passage for _, passage, _ in TOPICS]
        chinese = similarities(trained, [question for question, _, _ in TOPICS], passages)
        english = similarities(trained, [english for _, _, english in TOPICS], passages)
        assert chinese.argmax(axis=1).tolist() == [0, 1, 2, 3]
        assert english.argmax(axis=1).tolist() == [0, 1, 2, 3]

    def test_the_same_seed_gives_the_same_weights(self, trained: Path, tmp_path: Path) -> None:
        train(write_topics(tmp_path / "pairs"), tmp_path / "model", SMALL)
        again = (tmp_path / "model" / "model.safetensors").read_bytes()
        assert again == (trained / "model.safetensors").read_bytes()
        assert (tmp_path / "model" / "tokenizer.json").read_bytes() == (trained / "tokenizer.json").read_bytes()

    def test_the_rows_are_stored_as_bytes_with_one_scale_each(self, trained: Path) -> None:
        from safetensors.numpy import load_file

        stored = load_file(trained / "model.safetensors")
        assert stored["embeddings"].dtype == np.int8
        assert stored["weights"].dtype == np.float32
        assert stored["weights"].shape == stored["embeddings"].shape[:1]
        assert stored["embeddings"].shape[1] == 16

    def test_the_card_names_the_seed_and_the_files_with_their_sums(self, trained: Path) -> None:
        card = (trained / "README.md").read_text(encoding="utf-8")
        assert "--seed 3 --steps 40" in card
        assert "| questions.jsonl.gz | 4 | " in card

    def test_a_source_can_be_left_out_and_rows_kept_as_floats_to_see_what_each_is_worth(self, tmp_path: Path) -> None:
        from safetensors.numpy import load_file

        train(write_topics(tmp_path / "pairs"), tmp_path / "model", replace(SMALL, without=("english",), whole=True))
        card = (tmp_path / "model" / "README.md").read_text("utf-8")
        assert "questions.jsonl.gz" in card
        assert "english.jsonl.gz" not in card
        stored = load_file(tmp_path / "model" / "model.safetensors")
        assert {name: rows.dtype for name, rows in stored.items()} == {"embedding.weight": np.float32}
        assert similarities(tmp_path / "model", ["老人养老"], ["建设养老院,照护老年居民。"]) > 0.5

    def test_a_folder_without_pairs_is_refused_with_one_sentence(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([str(tmp_path), str(tmp_path / "model")]) == 2
        assert "No *.jsonl.gz pair files" in capsys.readouterr().err

    def test_a_file_of_something_else_is_named(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with gzip.open(tmp_path / "odd.jsonl.gz", "wt") as file:
            file.write('{"question": "a"}\n')
        assert main([str(tmp_path), str(tmp_path / "model")]) == 2
        assert "odd.jsonl.gz" in capsys.readouterr().err


class TestPairs:
    def test_pairs_with_a_banned_sentence_are_dropped(self, tmp_path: Path) -> None:
        banned = tmp_path / "test.json"
        banned.write_text(json.dumps({"data": [{"context": "這是考試的句子。另外一句不在這裡。"}]}), encoding="utf-8")
        write_pairs(
            tmp_path,
            "mixed",
            [("问题一", "前面。这是考试的句子。"), ("问题二", "这是考试的句子吗"), ("这是考试的句子", "后面")],
        )
        (source,) = read_sources(tmp_path, read_banned([banned]))
        assert source.pairs == (Pair("问题二", "这是考试的句子吗"),)

    def test_texts_are_folded_and_repeats_dropped(self, tmp_path: Path) -> None:
        write_pairs(tmp_path, "one", [("GDP是多少?", "增長５％"), ("gdp是多少？", "增长5%"), ("同", "同"), ("", "空")])
        (source,) = read_sources(tmp_path, frozenset())
        assert source.pairs == (Pair("gdp是多少?", "增长5%"),)

    def test_pairs_that_share_a_text_are_no_negatives(self) -> None:
        ids = tuple(np.array([n]) for n in (1, 2, 3))
        source = Encoded(ids, ids, np.array([0, 1, 2]), np.array([0, 0, 1]))
        batch = Drawer([source], Rewording({}, {}), size=3, seed=1).draw()
        order = [int(passage[0]) for passage in batch.passages]
        first, second = order.index(1), order.index(2)
        assert batch.same.sum() == 2
        assert batch.same[first, second]
        assert batch.same[second, first]

    def test_a_question_is_never_reworded_to_nothing(self) -> None:
        ids = tuple(np.array([n]) for n in range(1, 9))
        source = Encoded(ids, ids, np.arange(8), np.arange(8))
        drawer = Drawer([source], Rewording({}, {}), size=8, seed=1)
        assert all(len(question) == 1 for _ in range(20) for question in drawer.draw().questions)

    def test_half_of_the_batches_are_runs_of_neighbours(self) -> None:
        ids = tuple(np.array([n]) for n in range(1, 81))
        source = Encoded(ids, ids, np.arange(80), np.arange(80))
        drawer = Drawer([source], Rewording({}, {}), size=16, seed=1)
        drawn = [sorted(int(passage[0]) - 1 for passage in drawer.draw().passages) for _ in range(200)]
        runs = [b for b in drawn if all(b[at] // 8 == b[at + 7] // 8 and b[at] % 8 == 0 for at in (0, 8))]
        assert all(len(set(batch)) == 16 for batch in drawn)
        assert 70 < len(runs) < 130

    def test_a_favoured_source_is_drawn_as_many_times_as_often(self) -> None:
        ids = [tuple(np.array([n]) for n in range(start, start + 7)) for start in (1, 101)]
        common = Encoded(ids[0], ids[0], np.arange(7), np.arange(7))
        favoured = Encoded(ids[1], ids[1], np.arange(7), np.arange(7), favour=3.0)
        drawer = Drawer([common, favoured], Rewording({}, {}), size=1, seed=1)
        drawn = [int(drawer.draw().passages[0][0]) > 100 for _ in range(400)]
        assert 270 < sum(drawn) < 330  # three quarters


class TestSayings:
    LINES = ("# 住房", "老房子装电梯|旧楼装电梯 / 加装电梯 / adding lifts", "搬家 / 动迁|民政 / moving house")

    def test_the_words_of_a_concept_are_pairs(self) -> None:
        words, _ = said_otherwise(read_concepts(self.LINES[:2]), (), seed=1)
        assert set(words.pairs) == {
            Pair("老房子装电梯", "加装电梯"),
            Pair("旧楼装电梯", "加装电梯"),
            Pair("adding lifts", "加装电梯"),
            Pair("adding lifts", "老房子装电梯"),
            Pair("adding lifts", "旧楼装电梯"),
        }

    def test_a_question_is_said_otherwise_and_keeps_its_passage(self) -> None:
        asked = tuple(Pair("今年加装电梯多少台?", f"第{n}段") for n in range(30))
        _, sentences = said_otherwise(read_concepts(self.LINES), [Source("news", asked)], seed=1)
        said = {pair.question for pair in sentences.pairs}
        expected = ("老房子装电梯", "旧楼装电梯", " adding lifts ")
        assert said == {f"今年{word}多少台?" for word in expected}
        assert {pair.passage for pair in sentences.pairs} <= {pair.passage for pair in asked}

    def test_a_word_is_not_found_across_two_others(self) -> None:
        asked = (Pair("人民政府的工作", "政府"), Pair("天气如何", "晴"))
        _, sentences = said_otherwise(read_concepts(self.LINES), [Source("news", asked)], seed=1)
        assert sentences.pairs == ()

    def test_what_was_written_is_read_folded_by_the_ending_of_its_file(self, tmp_path: Path) -> None:
        (tmp_path / "words.txt").write_text("\n".join(self.LINES), "utf-8")
        (tmp_path / "asked.jsonl").write_text(
            '{"b": "加裝電梯百餘台。", "a": ["裝了多少?", "How many LIFTS?"]}\n\n', "utf-8"
        )
        concepts, asked = read_written([tmp_path / "words.txt", tmp_path / "asked.jsonl"])
        assert concepts == read_concepts(self.LINES)
        assert asked == (Pair("装了多少?", "加装电梯百余台。"), Pair("how many lifts?", "加装电梯百余台。"))

    @pytest.mark.parametrize("line", ["{", "[]", '{"a": ["问"]}', '{"b": "句", "a": 3}', '{"b": 1, "a": ["问"]}'])
    def test_a_line_that_is_no_question_with_its_sentence_is_named(self, tmp_path: Path, line: str) -> None:
        (tmp_path / "asked.jsonl").write_text(line, "utf-8")
        with pytest.raises(ValueError, match="is no line of"):
            read_written([tmp_path / "asked.jsonl"])

    def test_what_ships_for_training_can_be_read(self) -> None:
        concepts, asked = read_written(WRITTEN)
        assert len(concepts) > 5_000
        assert len(asked) > 1_000

    def test_a_line_of_other_parts_is_named(self) -> None:
        with pytest.raises(ValueError, match="'只有一部分'"):
            read_concepts(["只有一部分"])


class TestWords:
    def test_a_run_is_cut_into_words_and_only_unknown_characters_are_unknown(self) -> None:
        tokenizer = build_tokenizer(words_of("居民", "居", "民", "告别", "gdp", "2022", "5", "%"))
        tokens = tokenizer.encode("居民龘告别,GDP 2022 ５％!", add_special_tokens=False).tokens
        assert tokens == ["居民", "龘", "告别", "gdp", "2022", "5", "%"]
        assert tokenizer.encode("龘", add_special_tokens=False).ids == [0]
        assert tokenizer.encode("?!", add_special_tokens=False).ids == []

    def test_a_long_run_is_cut_like_a_short_one(self) -> None:
        tokenizer = build_tokenizer(words_of("居民", "居", "民"))
        assert tokenizer.encode("居民" * 20_000, add_special_tokens=False).ids == [1] * 20_000

    def test_the_vocabulary_holds_frequent_words_letters_and_years(self) -> None:
        words = {word.text for word in choose_words(["居民告别旧里 housing"] * 2, frozenset(), Sizes())}
        assert {"居民", "告别", "居", "housing", "q", "07", "2022", "5"} <= words
        assert "3000" not in words

    def test_words_share_the_parts_that_two_of_them_have(self) -> None:
        assert share_parts(words_of("居民", "居住", "民")) == ((), (1, 2), (1,), (2,))

    def test_only_short_other_ways_to_say_a_single_word_are_kept(self) -> None:
        tokenizer = build_tokenizer(words_of("居民", "resident", "of", "a", "place"))
        sayings = [("居民", "resident"), ("居民", "resident of a place a"), ("居民居民", "place")]
        assert dict(choose_others(tokenizer, sayings)) == {1: [(2,)]}


class TestStartRows:
    def test_words_in_the_same_company_start_close_together(self) -> None:
        cats, cars = [1, 3, 4], [2, 5, 6]
        twins = [np.array([word, *company[1:]]) for company in (cats, cars) for word in (company[0], company[0] + 6)]
        rows = start_rows(twins * 5, size=9, dimensions=4, seed=0)
        units = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        assert units[1] @ units[7] > 0.9
        assert units[1] @ units[2] < 0.1
        assert not rows[0].any()


class TestBundled:
    PASSAGES = (
        "五年来共有6万多户居民告别旧里。",
        "全区地区生产总值比上年增长8.2%。",
        "新增养老床位500张,建成社区食堂12家。",
        "完成苏州河岸线贯通,新增绿地10公顷。",
    )

    def test_the_folder_stays_within_twelve_megabytes(self) -> None:
        assert sum(file.stat().st_size for file in BUNDLED.rglob("*") if file.is_file()) <= 12_000_000

    def test_a_chinese_question_finds_its_sentence_without_sharing_its_words(self) -> None:
        scores = similarities(
            BUNDLED, ["有多少人家搬出了老房子", "老年人能住的地方多了吗", "公園和樹木"], self.PASSAGES
        )
        assert scores.argmax(axis=1).tolist() == [0, 2, 3]

    def test_an_english_question_finds_its_sentence(self) -> None:
        questions = ["How many residents left their old homes?", "How much did gross domestic product grow?"]
        assert similarities(BUNDLED, questions, self.PASSAGES).argmax(axis=1).tolist() == [0, 1]

    def test_the_card_says_how_the_table_was_made(self) -> None:
        card = (BUNDLED / "README.md").read_text(encoding="utf-8")
        assert "SHA-256" in card
        assert "--seed" in card
