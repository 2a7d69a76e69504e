"""What the lists of search/engines/languages let a person find, and must not."""

import re

import pytest

from network.text import fold
from search.engines import languages
from search.engines.analysis import (
    DOERS,
    LONGEST_PART,
    PART,
    folded_stem,
    forms,
    snowball,
    stem,
    variant_stems,
)

WORD = re.compile(r"[^\W\d_]+")


def pairs(text: str) -> list[tuple[str, str]]:
    """Each line: a word, then others that are to be met (or not) by it."""
    lines = (line.split() for line in text.strip().splitlines())
    return [(first, other) for first, *others in lines for other in others]


def alike(one: str, other: str, language: str) -> bool:
    return bool(forms(one, language) & forms(other, language))


INFLECTED = """
deltaker deltakere deltakeren deltakerne
deltakar deltakarar deltakaren deltakarane
lærer lærere lærerne
lærar lærarar lærarane
utveksling utvekslinger utvekslingen utvekslingar utvekslinga utvekslingane
familie familien familier familiane
skole skoler skolene
skule skular skulane
prosjekt prosjekter prosjektet prosjekta
kvinne kvinner kvinnene kvinna
frivillig frivillige frivilleg frivillege
by byen byer byene byar byane
øy øya øyer øyene
vei veien veier veg vegen vegar
år året årene åra års
idé ideer ideene idear ideane
uke uka uker ukene
ungdom ungdommen ungdommer ungdommar ungdommane
program programmet programmer programmene
rom rommet rommene
medlem medlemmer medlemmene
internasjonal internasjonalt internasjonale
viktig viktigere viktigst viktigste
sterk sterkt sterkere sterkest
tidlig tidligere tidlegare tidleg
"""

IRREGULAR = """
bok bøker bøkene boka
handbok håndbok håndbøker handbøkene
mann menn mennene
fot føtter føttene
natt netter nettene
hand hånd hender hendene hendane
bonde bønder bøndene bøndar
småbonde småbønder
mor mødre mødrene mødrer
jordmor jordmødre jordmødrer
bror brødre brør
søster søstre syster systrer
datter dotter døtre døtrer
kraft krefter
tre trær trærne
kne knær knærne
barn barna born
øye øyne auge augo
regel regler reglar
artikkel artikler artiklar
middel midler midlar
eksempel eksempler døme
kapittel kapitler
senter sentre sentra
forelder foreldre foreldrene
kollega kolleger kollegaer
museum museet museer
stipend stipendet stipendium
stor større størst størst stort
liten lita små mindre minst
gammel eldre eldst gamle gammal
ung yngre yngst
god bedre best betre godt
lang lengre lengst langt
høy høyere høg høgre høgt
egen eget eigen eiga eigne
åpen åpent open opne
hel heil heilt hele
skrive skrev skreiv skrevet
finne fant fann funnet funne
komme kom kome kjem
gå gikk gjekk gått
få fikk fekk fått
gi gav gitt gje gjev
ta tok tatt teke tek
velge valgte valgt velje
selge solgte selje selde
hjelpe hjalp hjulpet hjelpte
holde holdt halde heldt
bruke brukte brukt
lære lærte lært
bygge bygde byggje
følge fulgte følgje
søke søkte søkt søkje
tenke tenkte tenkje
delta deltok deltatt deltek deltakelse
øke økte auke auka
gjøre gjorde gjort gjere
spørre spurte spørje
møte møtte møtt
lese leste lest las
"""

VARIANTS = """
erfaring røynsle røynsler erfaringer
virksomhet verksemd verksemder virksomheter
forskjell skilnad forskjeller skilnader
mulighet moglegheit moglegheiter høve
likestilling jamstilling
sykehus sjukehus sjukehuset
sykepleier sjukepleiar sjukepleiarar sykepleiere
sykdom sjukdom sjukdommar sykdommer
leder leiar leiarar leiing ledelse
uke veke veker
kjærlighet kjærleik
trygghet tryggleik sikkerhet
bærekraft berekraft berekraftig
opphold opphald opphaldet
hjem heim
sted stad stader
mangfold mangfald
undersøkelse undersøking undersøkingar
opplevelse oppleving
forståelse forståing
deltakelse deltaking
utdannelse utdanning
forberedelse førebuing
veiledning rettleiing
forskning forsking
løsning løysing løysingar
tjeneste teneste tenester
tillatelse løyve
formål føremål
vold vald
regnskap rekneskap
hverdag kvardag
selvstendig sjølvstendig
enighet semje
kirke kyrkje
utslipp utslepp
"""

COMPOUNDS = """
språkkurs språk kurs
vertsfamilie familie vertsfamilier
vertsfamiliane familie
studentutveksling utveksling student
kunnskapsdeling kunnskap
helsearbeider helse arbeid
prosjektleder leder leiar
prosjektleiar leder
sykepleierutdanning utdanning
grunnskule skole skule
barnehage barn
barnehagelærer lærer barn
helsepersonell helse
ungdomsskole ungdom skole
ungdomsarbeid ungdom arbeid
vannforsyning vann vatn
vassforsyning vassforvalting
småbønder bonde
lærebøker bøker bok
partneravtale avtale avtaler
kulturforskjeller kultur
menneskerettigheter menneske rettigheter
fiskerinæring fiskeri
"""

SLOPPY = """
lærar laerar larar
lærer laerer
rådgiving raadgiving radgiving
bøker boker boeker
språk sprak spraak
kjærleik kjaerleik kjarleik
sjukepleiar sjukepleiaren
håndbøker handboker haandboeker
trær traer trar
røynsle roynsle
bærekraft baerekraft
"""

APART = """
bok bukk bukser bod
far fare farlig
mor mord
barn barm barsk
kurs kursiv kurv
bonde bonus bånd
mann mandag
fot foto
natt natur
land blanding
rett forretning
lege kollega alvorleg
hel helse
liten liter
tidlig tid
bilde bil
billig bil
delta delt delte
modig moden
enig en
same saman sammen
voksen vokse
vei veileder
sted stedfortreder
leder leie
takt kontakt
gard avantgarde
stat statistikk
leve levere
kor kort
kontor konto
norsk nord
vann vanlig vandre
"""

ENGLISH = """
child children
woman women
person people
midwife midwives
alumnus alumni
life lives
criterion criteria
curriculum curricula
write wrote written
teach taught
meet met
know knew known
bring brought
leave left
understand understood
build built
organise organize organising organizing
organisation organisations
organization organize
programme program programs
behaviour behavior
labour labor
centre center centers
theatre theater
paediatric pediatric
practice practise
"""


@pytest.mark.parametrize("language", languages.NORWEGIAN)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(one, other, id=f"{one}-{other}")
        for text in (INFLECTED, IRREGULAR, VARIANTS, COMPOUNDS, SLOPPY)
        for one, other in pairs(text)
    ],
)
def test_in_norwegian_one_word_finds_the_other(one, other, language):
    assert alike(one, other, language), (forms(one, language), forms(other, language))


@pytest.mark.parametrize("language", languages.NORWEGIAN)
@pytest.mark.parametrize(("one", "other"), pairs(APART))
def test_in_norwegian_words_that_only_look_alike_stay_apart(one, other, language):
    assert not alike(one, other, language), forms(one, language)


@pytest.mark.parametrize(("one", "other"), pairs(ENGLISH))
def test_in_english_one_word_finds_the_other(one, other):
    assert alike(one, other, "en"), (forms(one, "en"), forms(other, "en"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("organ", "organise"), ("organ", "organization"), ("lead", "leaf"),
     ("live", "leave"), ("met", "meter"), ("found", "fond")],
)  # fmt: skip
def test_in_english_words_that_only_look_alike_stay_apart(one, other):
    assert not alike(one, other, "en"), forms(one, "en")


# The lists themselves


@pytest.mark.parametrize("name", ["stopwords", "irregular", "variants", "compounds"])
def test_every_heading_names_languages_that_we_know(name):
    known = languages.sections(name)
    assert known and set(known) <= set(languages.LANGUAGES)


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_stop_words_are_words_in_lower_case(language):
    words = languages.STOPWORDS[language]
    assert len(words) > 80
    assert all(WORD.fullmatch(w) and w == w.lower() for w in words)


@pytest.mark.parametrize("language", languages.sections("irregular"))
def test_every_line_of_irregular_forms_says_one_word_and_its_forms(language):
    for line in languages.sections("irregular")[language]:
        base, colon, forms_ = line.partition(":")
        assert colon and forms_.split(), line
        assert WORD.fullmatch(base), line
        assert all(WORD.fullmatch(x) and x == x.lower() for x in forms_.split()), line


@pytest.mark.parametrize("language", languages.sections("irregular"))
def test_a_form_belongs_to_one_word_that_is_no_form_itself(language):
    given = [
        form
        for line in languages.sections("irregular")[language]
        for form in line.partition(":")[2].split()
    ]
    assert len(given) == len(set(given)), {x for x in given if given.count(x) > 1}
    assert not set(given) & set(languages.irregular(language).values())


@pytest.mark.parametrize("language", languages.sections("irregular"))
def test_every_form_needs_its_line_and_is_met_by_both_engines(language):
    for form, base in languages.irregular(language).items():
        plain = (snowball(form, language), snowball(fold(form), language))
        assert plain != (snowball(base, language), snowball(fold(base), language)), form
        if language in languages.NORWEGIAN:  # Elasticsearch cuts these off before
            assert DOERS.sub(r"\1", form) == form
        assert stem(form, language) == snowball(base, language)


@pytest.mark.parametrize("language", languages.sections("irregular"))
def test_without_accents_no_form_is_taken_for_another_word_of_the_list(language):
    bases = {fold(x): x for x in languages.irregular(language).values()}
    for form, base in languages.irregular(language).items():
        assert bases.get(fold(form), base) == base, form


def test_every_variant_stands_in_one_set():
    words = [word for line in languages.variants() for word in line]
    assert all(len(line) > 1 for line in languages.variants())
    assert all(WORD.fullmatch(word) for word in words)
    assert len(words) == len(set(words)), {x for x in words if words.count(x) > 1}


def test_no_two_sets_of_variants_share_a_stem():
    seen: dict[str, str] = {}
    for line in languages.variants():
        for found in {folded_stem(word, "nn") for word in line}:
            assert seen.setdefault(found, line[0]) == line[0], found
    known = variant_stems()
    assert not set(known) & set(known.values())


def test_every_part_of_compounds_is_long_enough_to_tell_and_short_enough_to_find():
    parts = languages.parts()
    assert len(parts) == len(set(parts))
    assert all(WORD.fullmatch(part) for part in parts)
    lengths = {part: len(fold(part)) for part in parts}
    assert not {x for x, n in lengths.items() if not PART <= n <= LONGEST_PART}
