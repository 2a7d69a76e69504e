"""What both engines promise. Each runs this class with its own `engine` fixture."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from search.documents import SearchDocument
from search.engines.base import (
    ADDED,
    ALONE,
    EngineError,
    Expansion,
    Lift,
    Query,
    Scope,
    Write,
)
from search.engines.languages import field_of
from search.engines.naming import Naming, stems_of
from search.engines.reading import words_of
from search.engines.weights import BY_KIND, SAME_COUNTRY, SAME_PHASE

START = datetime(2024, 1, 1, tzinfo=UTC)
PUBLIC = Scope(frozenset({"public"}))
MEMBER = Scope(frozenset({"public", "members", "user.1"}))


def a_document(
    number: int, title="A lesson", language="en", **fields
) -> SearchDocument:
    titles = title if isinstance(title, dict) else {language: title}
    for name in ("summary", "body"):
        if isinstance(fields.get(name), str):
            fields[name] = {language: fields[name]}
    key = fields.pop("key", f"work.{number}")
    defaults = {
        "source": "knowledge",
        "object_key": f"work.{number}",
        "kind": "lesson",
        "audience": ["public"],
        "at": START + timedelta(days=number),
    }
    return SearchDocument(key=key, title=titles, **{**defaults, **fields})


def put(engine, *documents: SearchDocument, version: int = 1) -> None:
    engine.index([Write(d.key, version, d) for d in documents])


def told_of(engine, labels, is_known: bool = True) -> None:
    """The index that is made next knows these names, or none of them."""
    names: dict[str, list[str]] = {}
    for language, label in labels if is_known else ():
        x = field_of(language)
        names.setdefault(x, []).append(" ".join(stems_of(words_of(label), x)))
    engine.naming = lambda: Naming(names)


WHETHER_KNOWN = pytest.mark.parametrize("is_known", [True, False])


def plain(html: str) -> str:
    return html.replace("<mark>", "[").replace("</mark>", "]")


def found(engine, text="", scope=PUBLIC, **options) -> list[str]:
    return [hit.key for hit in engine.search(Query(scope, text, **options)).hits]


class EngineContract:
    """Subclasses name the fixture `engine`: an empty engine."""

    # Finding

    @pytest.mark.parametrize(
        ("language", "title", "query"),
        [
            ("nn", "Fuglane kjem attende om våren", "fugl"),
            ("nn", "Jentene fekk leie kurset", "jente"),
            ("nb", "Barnehagene i Lauvdal", "barnehage"),
            ("nb", "Deltakerne kom hjem", "deltaker"),
            ("nb", "Deltakerne kom hjem", "deltakarar"),
            ("nn", "Deltakarane kom heim", "deltakere"),
            ("en", "Working with host families", "host family"),
            ("en", "The nurses were trained", "nurse training"),
            ("fr", "Les infirmières de l’hôpital", "infirmière hôpital"),
            ("fr", "Préparation d'un échange", "échanges"),
            ("es", "Las familias anfitrionas", "familia anfitriona"),
            ("pt", "As organizações parceiras", "organização parceira"),
            ("sw", "Wauguzi walirudi nyumbani", "wauguzi"),
            ("ar", "تبادل الخبرات بين المستشفيات", "المستشفيات"),
        ],
    )
    def test_finds_in_the_language_of_the_text(self, engine, language, title, query):
        put(
            engine,
            a_document(1, title, language),
            a_document(2, "Something else", "en"),
        )
        result = engine.search(Query(PUBLIC, query))
        assert [(h.key, h.language) for h in result.hits] == [("work.1", language)]
        assert result.total == 1

    @pytest.mark.parametrize(
        ("title", "query"),
        [
            ("Blåbærsyltetøy i Ålesund", "blaabaersyltetoey"),
            ("Blåbærsyltetøy i Ålesund", "blabarsyltetoy"),
            ("Blåbærsyltetøy i Ålesund", "Aalesund"),
            ("Lærarar på skulen", "laerarar"),
            ("Møte på Røros", "roros"),
            ("MØTE PÅ RØROS", "møte"),
        ],
    )
    def test_finds_what_was_typed_without_norwegian_letters(self, engine, title, query):
        put(engine, a_document(1, title, "nn"), a_document(2, "Noko anna", "nn"))
        assert found(engine, query) == ["work.1"]

    def test_finds_without_accents_in_other_languages(self, engine):
        put(engine, a_document(1, "Égalité et santé", "fr"))
        assert found(engine, "egalite") == ["work.1"]

    def test_as_written_stands_before_without_accents(self, engine):
        put(
            engine,
            a_document(1, "Ein bat i vatnet", "nn"),
            a_document(2, "Ein båt i vatnet", "nn"),
        )
        assert found(engine, "båt") == ["work.2", "work.1"]

    def test_best_first_title_before_summary_before_body(self, engine):
        other = "The days were long and the road was dusty. "
        put(
            engine,
            a_document(
                1, "A walk", summary="Far.", body=other + "Trust grew. " + other
            ),
            a_document(2, "Trust takes two rounds", summary="Far.", body=other),
            a_document(3, "A talk", summary="Trust came late.", body=other),
        )
        assert found(engine, "trust") == ["work.2", "work.3", "work.1"]

    def test_more_of_the_words_stand_first(self, engine):
        put(
            engine,
            a_document(1, "Host families and money and food"),
            a_document(2, "Host families and rules for visitors"),
            a_document(3, "Money"),
        )
        assert found(engine, "rules host families money")[-1] == "work.3"
        assert "work.3" not in found(engine, "rules host families")

    def test_words_of_one_query_may_stand_in_title_and_body(self, engine):
        put(engine, a_document(1, "Midwives in Zomba", body="They agreed on a budget."))
        assert found(engine, "midwives budget") == ["work.1"]

    def test_stop_words_do_not_find(self, engine):
        put(
            engine, a_document(1, "How to be on time"), a_document(2, "Mentors at work")
        )
        assert found(engine, "how do the mentors at the") == ["work.2"]

    def test_loose_takes_any_word(self, engine):
        put(engine, a_document(1, "Mentors"), a_document(2, "Budget"))
        assert found(engine, "mentors elephants rockets") == []
        assert found(engine, "mentors elephants rockets", loose=True) == ["work.1"]
        put(engine, a_document(3, "Une chose pour elle", "fr"))
        assert found(engine, "elle rockets elephants", loose=True) == []

    def test_a_quoted_phrase_must_stand_as_quoted(self, engine):
        put(
            engine,
            a_document(1, "The family of our host"),
            a_document(2, "Life in a host family"),
        )
        assert found(engine, '"host family"') == ["work.2"]
        assert found(engine, "«host family» life") == ["work.2"]
        assert set(found(engine, "host family")) == {"work.1", "work.2"}

    def test_neighbours_stand_before_words_far_apart(self, engine):
        far = "The clear sky. " + "We walked on. " * 20 + "The roles were many."
        near = "We walked on. " * 20 + "Clear roles from the first day. The sky."
        put(engine, a_document(1, "One", body=far), a_document(2, "Two", body=near))
        assert found(engine, "clear roles") == ["work.2", "work.1"]

    def test_confirmed_use_lifts_among_equals(self, engine):
        put(engine, a_document(1, "Trust"), a_document(2, "Trust", reuse=14))
        assert found(engine, "trust") == ["work.2", "work.1"]

    def test_better_evidence_lifts_among_equals(self, engine):
        put(engine, *(a_document(n, "Trust", evidence=n) for n in range(5)))
        assert found(engine, "trust") == [f"work.{n}" for n in (4, 3, 2, 1, 0)]

    def test_neither_use_nor_evidence_makes_up_for_what_the_text_says(self, engine):
        proven = {"reuse": 10_000, "evidence": 4}
        put(
            engine,
            *(a_document(n, f"Wells {n}", body="Wells, pumps.") for n in range(9, 50)),
            a_document(1, "Clear roles"),
            a_document(2, "A year", body="We had clear roles.", **proven),
            a_document(3, "Clear water", body="Nobody spoke of much else.", **proven),
        )
        assert found(engine, "clear roles") == ["work.1", "work.2"]
        order = ["work.1", "work.2", "work.3"]
        assert found(engine, "clear roles", loose=True) == order

    def test_what_is_nearer_to_the_reader_stands_first_among_equals(self, engine):
        near = (
            Lift(SAME_PHASE, (("phase", ("before",)),)),
            Lift(SAME_COUNTRY, (("country", ("MW",)),)),
        )
        put(
            engine,
            a_document(1, "Trust", phase=["before"], countries=["MW"]),
            a_document(2, "Trust", phase=["before"], countries=["NP"]),
            a_document(3, "Trust", phase=["after"], countries=["NP"]),
            a_document(4, "Trust and water", body="Trust.", phase=["after"]),
        )
        assert found(engine, "trust", lifts=near)[:3] == ["work.1", "work.2", "work.3"]
        assert found(engine, "trust water", lifts=near)[0] == "work.4"
        assert set(found(engine, "trust")) == set(found(engine, "trust", lifts=near))

    def test_a_text_in_a_small_language_is_not_drowned(self, engine):
        en = "Rules for the house and the days of the week. "
        fr = "Les règles de la maison et les jours de la semaine. "
        put(
            engine,
            *[a_document(n, "Rules for days", body=en) for n in range(1, 120)],
            *[a_document(n, "Les jours", "fr", body=fr) for n in range(120, 130)],
            a_document(300, "Rules for days", body=en + "Ask the concierge."),
            a_document(301, "Le concierge", "fr", body=fr),
        )
        assert found(engine, "concierge") == ["work.301", "work.300"]

    def test_all_languages_of_a_work_are_one_hit(self, engine):
        put(engine, a_document(1, {"nb": "Tillit tar tid", "en": "Trust takes time"}))
        result = engine.search(Query(PUBLIC, "trust", languages=("nb", "en")))
        assert [(h.language, h.languages) for h in result.hits] == [
            ("en", ["nb", "en"])
        ]
        assert result.total == 1

    def test_a_hit_is_shown_in_the_first_of_the_readers_languages_that_matched(
        self, engine
    ):
        put(
            engine,
            a_document(1, {"en": "Budget 2024", "fr": "Budget 2024", "es": "Otro"}),
        )
        [hit] = engine.search(
            Query(PUBLIC, "budget", languages=("es", "fr", "en"))
        ).hits
        assert hit.language == "fr"

    def test_an_empty_query_browses_newest_first(self, engine):
        put(engine, a_document(1), a_document(3), a_document(2))
        assert found(engine) == ["work.3", "work.2", "work.1"]
        assert found(engine, "   ") == ["work.3", "work.2", "work.1"]

    def test_newest_first_on_request(self, engine):
        put(
            engine,
            a_document(1, "Trust trust"),
            a_document(2, "Trust and more words here"),
        )
        assert found(engine, "trust", sort="newest") == ["work.2", "work.1"]

    # Themes

    @WHETHER_KNOWN
    def test_a_theme_brings_works_in_other_languages_after_those_with_the_words(
        self, engine, is_known
    ):
        words = (("nn", "likestilling"), ("fr", "égalité des sexes"))
        told_of(engine, words, is_known)
        put(
            engine,
            a_document(1, "Likestilling i heimen", "nn", themes=[5]),
            a_document(2, "Une question d’égalité des sexes", "fr"),
            a_document(
                3,
                "Notes",
                body="We said gender equality once in a long text. " + "Rain. " * 300,
            ),
            a_document(4, "Water pumps", themes=[6]),
        )
        hits = found(engine, "gender equality", expansions=(Expansion(5, words),))
        assert hits[0] == "work.3"
        assert set(hits) == {"work.1", "work.2", "work.3"}

    def test_a_text_about_both_themes_of_a_query_stands_before_one_about_either(
        self, engine
    ):
        put(
            engine,
            a_document(1, "Noko heilt anna", "nn", themes=[5]),
            a_document(2, "Endå noko anna", "nn", themes=[5, 7]),
            a_document(3, "Noko tredje", "nn", themes=[7]),
        )
        hits = found(engine, "equality hosts", expansions=(Expansion(5), Expansion(7)))
        assert hits[0] == "work.2" and len(hits) == 3

    def test_a_text_that_says_both_names_stands_before_one_that_says_one_often(
        self, engine
    ):
        labels = ("en", "gender equality"), ("en", "host family")
        told_of(engine, labels)
        put(
            engine,
            a_document(1, "Gender equality", body="Gender equality. " * 20),
            a_document(
                2, "Rain", body="Gender equality. A host family. " + "Rain. " * 9
            ),
            *[a_document(n, "Wind", body="It blew.") for n in range(3, 30)],
        )
        named = tuple(Expansion(n, (one,)) for n, one in enumerate(labels, 5))
        assert found(engine, "likestilling vertsfamilie", expansions=named)[0] == (
            "work.2"
        )

    def test_a_text_on_the_themes_stands_before_one_with_the_words_by_chance(
        self, engine
    ):
        chance = "Our host was late. Gender is a word. Family matters. Equality too. "
        put(
            engine,
            a_document(1, "A march", body=chance + "Rain on the road. " * 40),
            a_document(2, "The second kitchen", body="We ate well.", themes=[5, 7]),
            *[a_document(n, "Rain", body="Rain on the road. ") for n in range(3, 40)],
        )
        expansions = (
            Expansion(5, (("en", "gender equality"),)),
            Expansion(7, (("en", "host family"),)),
        )
        query = "gender equality host family rota"
        assert found(engine, query, expansions=expansions) == ["work.2", "work.1"]

    def test_a_person_comes_first_by_name_and_after_works_otherwise(self, engine):
        put(
            engine,
            a_document(1, "Asha Moyo", kind="person", body="Midwives and mentors"),
            a_document(2, "A year at home", body="Told by Asha Moyo: midwives."),
            a_document(3, "Mentors for midwives", body="We met."),
        )
        assert found(engine, "asha moyo")[0] == "work.1"
        assert found(engine, "mentors midwives")[0] == "work.3"

    def test_a_label_of_several_words_is_marked_only_where_it_stands_whole(
        self, engine
    ):
        label = (("en", "men and women"),)
        put(
            engine,
            a_document(1, "The men cooked", themes=[5]),
            a_document(2, "How men and women share", themes=[5]),
        )
        query = Query(PUBLIC, "likestilling", (Expansion(5, label),))
        titles = [plain(hit.title) for hit in engine.search(query).hits]
        assert titles[-1] == "The men cooked" and "[men" in titles[0]

    def test_words_of_a_label_are_not_marked_elsewhere_in_a_text_that_has_it(
        self, engine
    ):
        labels = (("en", "living with a family"), ("fr", "live"))
        body = "They live far away. " + "Rain. " * 4 + "Living with a family is fun."
        put(engine, a_document(1, "Where we live", body=body))
        query = Query(PUBLIC, "homestay", (Expansion(5, labels),))
        [hit] = engine.search(query).hits
        assert hit.title == "Where we live"
        assert "<mark>Living" in hit.passage and "<mark>live" not in hit.passage

    @WHETHER_KNOWN
    def test_a_label_is_not_marked_where_a_part_of_it_stands(self, engine, is_known):
        labels = (("nn", "husarbeid"),)
        told_of(engine, labels, is_known)
        body = "Arbeidet tok tid, men husarbeidet er delt likt no."
        put(engine, a_document(1, "Regn", "nn", body=body))
        [hit] = engine.search(Query(PUBLIC, "chores", (Expansion(5, labels),))).hits
        assert hit.passage == body.replace("husarbeidet", "<mark>husarbeidet</mark>")

    @WHETHER_KNOWN
    def test_a_label_finds_only_in_its_own_language(self, engine, is_known):
        told_of(engine, [("fr", "live")], is_known)
        put(engine, a_document(1, "Where we live"), a_document(2, "Live", "fr"))
        query = Query(PUBLIC, "homestay", (Expansion(5, (("fr", "live"),)),))
        assert [h.key for h in engine.search(query).hits] == ["work.2"]

    @WHETHER_KNOWN
    def test_synonyms_bring_texts_that_say_them_after_those_with_the_words(
        self, engine, is_known
    ):
        labels = tuple(
            (language, word)
            for word in ("norec", "fredskorps", "peace corps")
            for language in ("nb", "en")
        )
        told_of(engine, labels, is_known)
        put(
            engine,
            a_document(1, "Fredskorpset gjennom tidene", "nb"),
            a_document(2, "The peace corps then", body="Peace corps. " * 20),
            a_document(3, "Notes", body="Norec said so. " + "Rain. " * 300),
            a_document(4, "Seven theme words", themes=[7]),
        )
        query = Query(PUBLIC, "norec", (Expansion(7, labels, "synonym"),))
        results = engine.search(query)
        keys = [hit.key for hit in results.hits]
        assert keys[0] == "work.3" and set(keys) == {"work.1", "work.2", "work.3"}
        assert results.total == 3 and sum(n for _, n in results.facets["kind"]) == 3
        assert engine.explain(query, ["work.1"])["work.1"]

    def test_synonyms_without_words_bring_nothing(self, engine):
        put(engine, a_document(1, "Norec"), a_document(2, "Rain"))
        empty = Expansion(7, (("en", "!!"),), "synonym")
        assert found(engine, "norec", expansions=(empty,)) == ["work.1"]
        empty = Expansion(7, (), "synonym")
        assert found(engine, "norec", expansions=(empty,)) == ["work.1"]

    def test_a_name_that_came_after_the_index_finds_as_one_that_it_knows(self, engine):
        labels = (("en", "host family"), ("nn", "vertsfamilie"))
        told_of(engine, labels[:1])
        put(
            engine,
            a_document(1, "Two host families", body="Rain. " * 50),
            a_document(2, "Regn", "nn", body="Vertsfamiliane fekk besøk. " * 3),
            a_document(3, "A family", body="The host. The family. " * 9),
        )
        query = {"expansions": (Expansion(5, labels),)}
        assert set(found(engine, "homestay", **query)) == {"work.1", "work.2"}
        told_of(engine, labels)
        engine.begin_rebuild()
        put(engine, a_document(4, "Regn", "nn", summary="Ein vertsfamilie"), version=2)
        assert "work.4" in found(engine, "homestay", **query)
        engine.fill(
            [
                Write(one.key, 1, one)
                for one in (
                    a_document(1, "Two host families"),
                    a_document(2, "Regn", "nn", body="Vertsfamiliane fekk besøk."),
                )
            ]
        )
        engine.commit_rebuild()
        hits = set(found(engine, "homestay", **query))
        assert hits == {"work.1", "work.2", "work.4"}

    @WHETHER_KNOWN
    def test_what_names_a_theme_again_and_again_stands_first(self, engine, is_known):
        labels = (("en", "host family"),)
        told_of(engine, labels, is_known)
        put(
            engine,
            a_document(1, "Rain", body="A host family. " + "It rained a lot. " * 60),
            a_document(2, "Wind", body="My host family, our host families. " * 9),
        )
        hits = found(engine, "homestay", expansions=(Expansion(5, labels),))
        assert hits == ["work.2", "work.1"]

    def test_a_part_of_a_longer_name_is_no_name(self, engine):
        labels = [("en", "mental health"), ("en", "health")]
        told_of(engine, labels)
        put(
            engine,
            a_document(1, "Mental health", body="Health."),
            a_document(2, "Mental health"),
        )
        hits = found(engine, "saúde", expansions=(Expansion(5, (("en", "health"),)),))
        assert hits == ["work.1"]

    def test_words_of_the_theme_are_marked(self, engine):
        put(engine, a_document(1, "Likestilling i heimen", "nn"))
        query = Query(
            PUBLIC, "gender equality", (Expansion(5, (("nn", "likestilling"),)),)
        )
        [hit] = engine.search(query).hits
        assert hit.title == "<mark>Likestilling</mark> i heimen"

    # Explaining

    @pytest.mark.parametrize("is_named", [True, False])
    @pytest.mark.parametrize("is_loose", [True, False])
    @pytest.mark.parametrize(
        "text",
        [
            "nurse training",
            '"nurse training" kenya',
            "nurse OR midwife",
            "nurs* training",
            "how the nurse was trained in a hospital",
            "sjukepleiarar",
            "nurse training NOT rain",
        ],
    )
    def test_the_shares_make_up_the_score(self, engine, text, is_loose, is_named):
        told_of(engine, [("en", "midwife")])
        put(
            engine,
            a_document(1, "Nurse training", body="A nurse in Kenya. " * 9, reuse=3),
            a_document(2, "Rain", summary="The midwife and the nurse were trained."),
            a_document(3, "Sjukepleiarar i Kenya", "nn", themes=[5], evidence=4),
            a_document(4, "Training of nurses", kind="guide", phase=["before"]),
        )
        labels = (("en", "midwife"), ("nn", "sjukepleiar"))
        names = (Expansion(5, labels), Expansion("KE", (("en", "Kenya"),), "country"))
        lifts = (Lift(0.3, (("phase", ("before",)),)), Lift(0.2, (), START))
        query = Query(
            PUBLIC,
            text,
            expansions=names if is_named else (),
            lifts=lifts,
            loose=is_loose,
        )
        hits = engine.search(query).hits
        told = engine.explain(query, [hit.key for hit in hits])
        for hit in hits:
            [rank] = [one.score for one in told[hit.key] if one.part == "rank"]
            total = sum(one.score for one in told[hit.key] if one.part in ADDED)
            assert total * rank == pytest.approx(hit.score, rel=1e-3)
        assert hits or text == "sjukepleiarar"

    def test_a_score_is_multiplied_by_the_rank(self, engine):
        plain = a_document(1, "Nurses")
        put(engine, plain, replace(plain, key="person.1", kind="person"))
        told = {
            hit.key: hit.score for hit in engine.search(Query(PUBLIC, "nurse")).hits
        }
        share = BY_KIND["person"]
        assert told["person.1"] / told["work.1"] == pytest.approx(share, rel=2e-3)

    def test_a_score_tells_where_the_words_stand(self, engine):
        put(
            engine,
            a_document(1, "Nurses"),
            a_document(2, "Rain", summary="A nurse came."),
            a_document(3, "Wind", body="A nurse came."),
            a_document(4, "Ålesund", "nn"),
        )
        told = engine.explain(Query(PUBLIC, "nurse"), ["work.1", "work.2", "work.3"])
        parts = {
            key: {one.part for one in shares if one.part in ALONE}
            for key, shares in told.items()
        }
        assert parts == {
            "work.1": {"title", "folded"},
            "work.2": {"summary", "folded"},
            "work.3": {"body", "folded"},
        }
        [shares] = engine.explain(Query(PUBLIC, "alesund"), ["work.4"]).values()
        assert "folded" in {one.part for one in shares}
        assert "title" not in {one.part for one in shares}

    def test_a_score_is_told_to_none_who_may_not_see_the_document(self, engine):
        put(engine, a_document(1, "Nurses", audience=["members"]))
        query = Query(PUBLIC, "nurse")
        assert engine.explain(query, ["work.1", "work.9"]) == {
            "work.1": [],
            "work.9": [],
        }
        assert engine.explain(query, []) == {}

    # Highlights

    def test_title_and_best_passage_are_marked_in_whole_words(self, engine):
        body = (
            "Nothing here. " * 60
            + "The nurses came home with a new way. "
            + "Nothing. " * 60
        )
        put(engine, a_document(1, "What the nurses did?", body=body))
        [hit] = engine.search(Query(PUBLIC, "nurse")).hits
        assert hit.title == "What the <mark>nurses</mark> did?"
        assert "<mark>nurses</mark> came home" in hit.passage
        assert len(hit.passage) < 400

    def test_what_was_found_without_accents_is_marked(self, engine):
        put(engine, a_document(1, "Møte på Røros", "nn"))
        [hit] = engine.search(Query(PUBLIC, "roros")).hits
        assert hit.title == "Møte på <mark>Røros</mark>"

    def test_everything_but_the_marks_is_escaped(self, engine):
        bad = '<script>alert("trust")</script> <mark>trust</mark> & <b>trust</b>'
        put(engine, a_document(1, bad, summary=bad, body=bad))
        for text in ("trust", "script", "alert", "mark", ""):
            [hit] = engine.search(Query(PUBLIC, text)).hits
            for html in (hit.title, hit.passage):
                plain = html.replace("<mark>", "").replace("</mark>", "")
                assert "<" not in plain and ">" not in plain
        [hit] = engine.suggest("trust", PUBLIC, {"all": ["lesson"]})["all"]
        assert "<script" not in hit.title and "<b>" not in hit.title

    def test_without_a_match_the_beginning_is_shown(self, engine):
        put(engine, a_document(1, "One", body="The first words. " + "More. " * 200))
        [hit] = engine.search(Query(PUBLIC)).hits
        assert hit.title == "One" and hit.passage.startswith("The first words.")
        assert len(hit.passage) < 400

    # Facets and pages

    def test_facets_are_counted_without_their_own_filter(self, engine):
        put(
            engine,
            a_document(1, themes=[1, 2], countries=["TZ"]),
            a_document(2, themes=[2], countries=["TZ", "NP"], kind="article"),
            a_document(
                3, themes=[3], countries=["NP"], outcome="worked", phase=["before"]
            ),
        )
        result = engine.search(
            Query(PUBLIC, filters={"kind": ["lesson"], "theme": ["2"]})
        )
        facets = {name: dict(values) for name, values in result.facets.items()}
        assert [h.key for h in result.hits] == ["work.1"]
        assert facets["kind"] == {"lesson": 1, "article": 1}
        assert facets["theme"] == {"1": 1, "2": 1, "3": 1}
        assert facets["country"] == {"TZ": 1}
        assert facets["language"] == {"en": 1}
        assert facets["outcome"] == {} and facets["organisation"] == {}

    def test_several_values_of_a_facet_widen_several_facets_narrow(self, engine):
        put(
            engine,
            a_document(1, themes=[1], countries=["TZ"]),
            a_document(2, themes=[2], countries=["TZ"]),
            a_document(3, themes=[2], countries=["NP"]),
        )
        assert set(found(engine, filters={"theme": ["1", "2"]})) == {
            "work.1",
            "work.2",
            "work.3",
        }
        narrowed = {"theme": ["1", "2"], "country": ["TZ"]}
        assert set(found(engine, filters=narrowed)) == {"work.1", "work.2"}

    def test_facets_count_only_what_the_words_find(self, engine):
        put(
            engine,
            a_document(1, "Trust", themes=[1]),
            a_document(2, "Water", themes=[1]),
        )
        assert dict(engine.search(Query(PUBLIC, "trust")).facets["theme"]) == {"1": 1}

    def test_two_facets_crossed_count_what_has_both_for_the_reader_alone(self, engine):
        put(
            engine,
            a_document(1, "Trust", themes=[1, 2], countries=["TZ", "NP"]),
            a_document(2, "Trust", themes=[2], countries=["TZ"], kind="article"),
            a_document(3, "Trust", themes=[1], countries=["MW"], audience=["members"]),
            a_document(4, "Water", themes=[2], countries=["TZ"]),
            a_document(5, "Trust", themes=[2]),
        )
        trust = Query(PUBLIC, "trust")
        assert engine.crossed(trust, "theme", "country") == {
            ("1", "TZ"): 1, ("1", "NP"): 1, ("2", "TZ"): 2, ("2", "NP"): 1,
        }  # fmt: skip
        assert engine.crossed(Query(MEMBER), "theme", "country") == {
            ("1", "TZ"): 1, ("1", "NP"): 1, ("1", "MW"): 1, ("2", "TZ"): 3,
            ("2", "NP"): 1,
        }  # fmt: skip
        narrowed = Query(PUBLIC, filters={"kind": ["lesson"], "country": ["TZ"]})
        assert engine.crossed(narrowed, "theme", "country") == {
            ("1", "TZ"): 1, ("1", "NP"): 1, ("2", "TZ"): 2, ("2", "NP"): 1,
        }  # fmt: skip
        assert engine.crossed(Query(PUBLIC, "zeppelin"), "theme", "country") == {}

    def test_unknown_values_find_nothing_and_unknown_names_are_ignored(self, engine):
        put(engine, a_document(1))
        assert found(engine, filters={"kind": ["dragon"]}) == []
        assert found(engine, filters={"dragon": ["kind"]}) == ["work.1"]

    def test_kinds_the_engine_never_heard_of_are_kept(self, engine):
        put(engine, a_document(1, kind="choir"))
        assert dict(engine.search(Query(PUBLIC)).facets["kind"]) == {"choir": 1}

    def test_pages_are_exact(self, engine):
        put(engine, *[a_document(n, "Trust") for n in range(1, 46)])
        pages = [engine.search(Query(PUBLIC, "trust", page=p)) for p in (1, 2, 3, 4)]
        assert [p.total for p in pages] == [45] * 4
        assert [len(p.hits) for p in pages] == [20, 20, 5, 0]
        assert len({h.key for p in pages for h in p.hits}) == 45

    def test_pages_far_beyond_the_end_are_empty(self, engine):
        put(engine, a_document(1))
        assert found(engine, page=10**9) == []
        assert found(engine, page=-3) == ["work.1"]

    # Who sees what

    def test_every_answer_is_only_for_those_who_hold_the_audience(self, engine):
        put(
            engine,
            a_document(1, "Trust in public", themes=[1]),
            a_document(2, "Trust among members", themes=[2], audience=["members"]),
            a_document(
                3,
                "Trust of partners",
                themes=[3],
                audience=["partnership.7", "partnership.8"],
            ),
            a_document(4, "Trust of nobody", themes=[4], audience=[]),
        )
        partner = Scope(frozenset({"public", "partnership.8"}))
        for scope, visible in (
            (PUBLIC, {1}),
            (MEMBER, {1, 2}),
            (partner, {1, 3}),
            (Scope(frozenset()), set()),
        ):
            keys = {f"work.{n}" for n in visible}
            for text in ("trust", ""):
                result = engine.search(Query(scope, text))
                assert ({h.key for h in result.hits}, result.total) == (keys, len(keys))
                assert dict(result.facets["theme"]) == {str(n): 1 for n in visible}
            hits = engine.suggest("tru", scope, {"all": ["lesson"]})["all"]
            assert {h.key for h in hits} == keys
            assert {h.key for h in engine.similar("work.1", scope)} == keys - {"work.1"}

    def test_each_reader_meets_one_document_of_a_person(self, engine):
        person = {"object_key": "person.9", "source": "people", "kind": "person"}
        put(
            engine,
            a_document(
                1,
                "Asha",
                key="person.9.public",
                summary="Nurse",
                superseded_by=["members", "user.9"],
                **person,
            ),
            a_document(
                1,
                "Asha",
                key="person.9.members",
                summary="Nurse, offers mentoring",
                **person
                | {"audience": ["members"], "superseded_by": ["partnership.7"]},
            ),
            a_document(
                1,
                "Asha",
                key="person.9.partners",
                summary="Nurse, mentoring, Zomba",
                **person | {"audience": ["partnership.7"]},
            ),
        )
        partner = Scope(MEMBER.audiences | {"partnership.7"})
        for scope, key in (
            (PUBLIC, "public"),
            (MEMBER, "members"),
            (partner, "partners"),
        ):
            assert found(engine, "asha", scope) == [f"person.9.{key}"]
            assert engine.search(Query(scope)).total == 1
        assert found(engine, "zomba", MEMBER) == []
        assert "mentoring" not in engine.search(Query(PUBLIC, "nurse")).hits[0].passage

    def test_what_is_kept_from_a_reader_is_not_there(self, engine):
        put(
            engine,
            a_document(1, "Trust", exclude=["user.4"], themes=[1]),
            a_document(2, "Trust", exclude=["hidden.TZ", "user.5"], themes=[1]),
            a_document(3, "Trust", themes=[1]),
        )
        scope = Scope(
            frozenset({"public"}), exclusions=frozenset({"user.4", "hidden.TZ"})
        )
        assert found(engine, "trust", scope) == ["work.3"]
        assert dict(engine.search(Query(scope)).facets["theme"]) == {"1": 1}
        assert [
            h.key for h in engine.suggest("trust", scope, {"all": ["lesson"]})["all"]
        ] == ["work.3"]
        assert engine.similar("work.3", scope) == []

    def test_what_was_just_restricted_is_not_there(self, engine):
        put(
            engine,
            a_document(1, "Trust", within=["forum.5", "thread.41"]),
            a_document(2, "Trust", within=["page.12"]),
        )
        scope = Scope(frozenset({"public"}), hidden=frozenset({"forum.5", "page.99"}))
        result = engine.search(Query(scope, "trust"))
        assert ([h.key for h in result.hits], result.total) == (["work.2"], 1)
        assert [
            h.key for h in engine.suggest("trust", scope, {"all": ["lesson"]})["all"]
        ] == ["work.2"]
        assert engine.similar("work.2", scope) == []

    def test_tells_what_lies_within_whoever_sees_it(self, engine):
        put(
            engine,
            a_document(1, within=["forum.5"], audience=["staff"]),
            a_document(2, within=["forum.50"]),
            a_document(3, within=["forum.5"], source="threads", object_key="thread.3"),
        )
        assert engine.keys_within("forum.5") == [
            ("knowledge", "work.1"),
            ("threads", "thread.3"),
        ]

    # Suggestions and likeness

    def test_suggests_by_the_beginning_of_any_word_per_group(self, engine):
        put(
            engine,
            a_document(1, "Gender equality in host families"),
            a_document(2, "Genuine trust", kind="article"),
            a_document(3, "Ingebjørg Genland", kind="person"),
            a_document(4, "Nothing", body="gender"),
        )
        groups = {
            "people": ["person"],
            "knowledge": ["lesson", "article"],
            "none": ["thread"],
        }
        result = engine.suggest("gen", PUBLIC, groups)
        assert {name: {h.key for h in hits} for name, hits in result.items()} == {
            "people": {"work.3"},
            "knowledge": {"work.1", "work.2"},
            "none": set(),
        }
        assert result["people"][0].title == "Ingebjørg <mark>Gen</mark>land"
        assert [
            h.key for h in engine.suggest("ingebjorg g", PUBLIC, groups)["people"]
        ] == ["work.3"]
        assert [
            h.key for h in engine.suggest("host gen", PUBLIC, groups)["knowledge"]
        ] == ["work.1"]
        assert engine.suggest(" ", PUBLIC, groups) == {name: [] for name in groups}
        assert len(engine.suggest("gen", PUBLIC, groups, size=1)["knowledge"]) == 1

    def test_similar_by_words_and_by_theme_across_languages(self, engine):
        rest = [
            a_document(n, f"Filler number {n}", body="rain road bus")
            for n in range(20, 30)
        ]
        put(
            engine,
            a_document(
                1,
                "Midwives and home births",
                themes=[3],
                body="Midwives travel to villages.",
            ),
            a_document(2, "How midwives travel", body="To the villages by boat."),
            a_document(3, "Jordmødrer på tur", "nb", themes=[3]),
            a_document(4, "Budget rules", themes=[8], body="Money and receipts."),
            *rest,
        )
        assert {h.key for h in engine.similar("work.1", PUBLIC)} == {"work.2", "work.3"}
        assert engine.similar("work.404", PUBLIC) == []
        assert engine.similar("work.1", PUBLIC, kinds=["article"]) == []

    def test_the_order_of_equals_tells_nothing_of_what_was_written_last(self, engine):
        # Why one was written may be a secret: a use by who is hidden.
        put(engine, *(a_document(n, "Midwives travel", themes=[3]) for n in range(6)))
        before = [hit.key for hit in engine.similar("work.1", PUBLIC)]
        put(engine, a_document(4, "Midwives travel", themes=[3]), version=2)
        put(engine, a_document(2, "Midwives travel", themes=[3]), version=3)
        assert [hit.key for hit in engine.similar("work.1", PUBLIC)] == before

    # Writing

    def test_a_write_is_readable_at_once_and_replaces(self, engine):
        put(engine, a_document(1, "Old words"))
        put(engine, a_document(1, "New words"), version=2)
        assert found(engine, "new") == ["work.1"] and found(engine, "old") == []
        assert engine.count() == 1

    def test_an_older_state_is_refused(self, engine):
        put(engine, a_document(1, "Newer"), version=9)
        put(engine, a_document(1, "Older"), version=8)
        assert found(engine, "newer") == ["work.1"] and found(engine, "older") == []
        put(engine, a_document(1, "Again"), version=9)
        assert found(engine, "again") == ["work.1"]

    def test_an_older_state_is_refused_after_a_delete_and_before_the_first_write(
        self, engine
    ):
        put(engine, a_document(1), version=3)
        engine.delete(["work.1", "work.2"], version=5)
        put(engine, a_document(1), a_document(2), version=4)
        assert found(engine) == []
        put(engine, a_document(1), version=6)
        assert found(engine) == ["work.1"]

    def test_an_older_delete_is_refused(self, engine):
        put(engine, a_document(1), version=7)
        engine.delete(["work.1"], version=6)
        assert found(engine) == ["work.1"]

    def test_writes_and_removals_come_together(self, engine):
        put(engine, a_document(1))
        engine.index([Write("work.1", 2), Write("work.2", 2, a_document(2))])
        assert found(engine) == ["work.2"]
        engine.index([])

    def test_twice_in_one_batch_the_newer_stays(self, engine):
        new, old = a_document(1, "Newer"), a_document(1, "Older")
        engine.index([Write("work.1", 5, new), Write("work.1", 4, old)])
        assert (found(engine, "newer"), found(engine, "older")) == (["work.1"], [])

    # Rebuilding

    def test_a_rebuild_replaces_everything_at_once(self, engine):
        put(engine, a_document(1, "Left over"), a_document(2, "Stays"))
        engine.begin_rebuild()
        engine.fill([Write("work.2", 2, a_document(2, "Stays"))])
        assert set(found(engine)) == {"work.1", "work.2"} and engine.is_rebuilding()
        engine.commit_rebuild()
        assert found(engine) == ["work.2"] and not engine.is_rebuilding()
        assert engine.is_current()

    def test_writes_during_a_rebuild_reach_both(self, engine):
        put(
            engine,
            a_document(1, "First"),
            a_document(2, "Second"),
            a_document(3, "Third"),
        )
        engine.begin_rebuild()
        put(engine, a_document(1, "Changed"), version=5)
        engine.delete(["work.2"], version=5)
        assert found(engine, "changed") == ["work.1"] and found(engine, "second") == []
        engine.fill([Write(f"work.{n}", 3, a_document(n, "Stale")) for n in (1, 2, 3)])
        engine.commit_rebuild()
        assert found(engine, "changed") == ["work.1"]
        assert found(engine, "stale") == ["work.3"]
        assert engine.count() == 2

    def test_an_aborted_rebuild_leaves_the_running_index(self, engine):
        put(engine, a_document(1))
        engine.begin_rebuild()
        engine.fill([Write("work.2", 2, a_document(2))])
        put(engine, a_document(3))
        engine.abort_rebuild()
        assert set(found(engine)) == {"work.1", "work.3"} and not engine.is_rebuilding()
        with pytest.raises(EngineError):
            engine.fill([Write("work.2", 2, a_document(2))])
        with pytest.raises(EngineError):
            engine.commit_rebuild()

    def test_a_second_rebuild_begins_empty(self, engine):
        put(engine, a_document(1))
        engine.begin_rebuild()
        engine.fill([Write("work.2", 2, a_document(2))])
        engine.begin_rebuild()
        engine.commit_rebuild()
        assert found(engine) == []

    def test_readers_always_find_while_rebuilds_go_on(self, engine):
        documents = [a_document(n, "Trust") for n in range(1, 6)]
        put(engine, *documents)
        stop, seen, failed = threading.Event(), [], []

        def read():
            while not stop.is_set():
                try:
                    seen.append(
                        self.in_thread(
                            lambda: engine.search(Query(PUBLIC, "trust")).total
                        )
                    )
                except Exception as error:  # whatever a reader meets is a failure
                    failed.append(error)

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for version in (2, 3, 4):
            engine.begin_rebuild()
            engine.fill([Write(d.key, version, d) for d in documents])
            engine.commit_rebuild()
        stop.set()
        for reader in readers:
            reader.join()
        assert failed == [] and seen and set(seen) == {5}

    @staticmethod
    def in_thread(function):
        return function()

    # Whatever people type

    @pytest.mark.parametrize(
        "text",
        [
            '"',
            '""',
            "((((",
            "a AND OR NOT )",
            "title:trust^9",
            "*",
            "?*:*",
            "\\",
            "/.*/",
            "~1",
            "-",
            "--x",
            "a" * 5000,
            "trust " * 2000,
            "🙂 trust",
            "\x00trust",
            "\ud800",
            "' OR 1=1",
            '"trust',
            "« trust",
            "[1 TO",
            "{!lucene}",
            "\n\t\r",
            "ﷺ" * 300,
            '"the of and"',
            "the of and",
            "<script>",
            "%00",
            "١٢٣",
            "信頼",
            "c++ .net #1",
            '"' + "word " * 200 + '"',
        ],
    )
    def test_no_input_is_an_error(self, engine, text):
        put(engine, a_document(1, "Trust"))
        expansions = (
            Expansion(
                1,
                (("en", text[:100]), ("xx", "")),
            ),
        )
        engine.search(Query(MEMBER, text, expansions, {"kind": [text[:50]]}))
        engine.search(Query(MEMBER, text, loose=True, sort="dragon"))
        engine.suggest(text, MEMBER, {"all": ["lesson"]})

    def test_documents_with_little_in_them(self, engine):
        put(
            engine,
            a_document(1, {"en": ""}, at=None),
            a_document(2, {}),
            a_document(3, "x" * 40_000),
        )
        assert engine.search(Query(PUBLIC)).total == 3
        assert {h.key for h in engine.search(Query(PUBLIC)).hits} == {
            "work.1",
            "work.2",
            "work.3",
        }
