"""What the API says of indicators and figures; the help texts stand in its description.

Numbers are JSON numbers; beside each stands the exact decimal as text, since a reader that takes
numbers as floating point loses digits beyond the fifteenth.
"""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.licences import licence_named
from core.templatetags.ui import translated

from ..facts import Facts
from ..tables import exact
from .downloads import KINDS

LANGUAGES = ("fr", "nl", "en")


class ErrorSerializer(serializers.Serializer):
    """One thing that is wrong."""

    parameter = serializers.CharField(help_text="Which parameter, or null.", allow_null=True)
    message = serializers.CharField(help_text="What is wrong and how to mend it.")


class ErrorsSerializer(serializers.Serializer):
    """Why there is no answer."""

    errors = ErrorSerializer(many=True, help_text="Everything that is wrong.")


class TextSerializer(serializers.Serializer):
    """A text with its language, which is another than asked where the text is lacking in it."""

    text = serializers.CharField(help_text="The text.")
    language = serializers.ChoiceField(LANGUAGES, help_text="The language of the text.")


@extend_schema_field(TextSerializer)
class TextField(serializers.Field):
    """A translated column in the language that was asked for."""

    def __init__(self, column: str, **options):
        self.column = column
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, row):
        """Return the text and its language, None where there is none."""
        text, language = translated(row, self.column)
        return {"text": text, "language": language} if text else None


@extend_schema_field({"type": ["number", "null"]})
class NumberField(serializers.Field):
    """A decimal as a JSON number."""

    def to_representation(self, value):
        """Return an int where it is one, else a float."""
        return int(value) if value == value.to_integral_value() else float(value)


@extend_schema_field({"type": ["string", "null"]})
class ExactField(serializers.Field):
    """A decimal as text, every digit of it."""

    def to_representation(self, value):
        """Return the digits without the zeros of the column, never with an exponent."""
        return f"{exact(value):f}"


class ObservationSerializer(serializers.Serializer):
    """One figure in the vintage that was current on the day that is asked about."""

    indicator = serializers.CharField(source="indicator.code", help_text="Code of the indicator.")
    geo = serializers.CharField(source="geo_id", help_text="Code of the place.")
    period = serializers.CharField(help_text="2025, 2025-S1, 2025-Q3 or 2025-05.")
    position = serializers.IntegerField(
        help_text="Tells contradictory published values of one period apart; usually 0."
    )
    value = NumberField(help_text="The value; null where a flag says why.", allow_null=True)
    value_exact = ExactField(source="value", help_text="The value, exact.", allow_null=True)
    unit = serializers.CharField(source="indicator.unit_code", help_text="Code of the unit.")
    flag = serializers.CharField(
        help_text="Letters of Eurostat: b break, d other definition, e estimated, f forecast, "
        "i imputed, m missing, n not significant, p provisional, u low reliability."
    )
    disputed = serializers.BooleanField(help_text="Another source contradicts it.")
    vintage = serializers.IntegerField(help_text="1 as first published; each correction adds 1.")
    released_at = serializers.DateTimeField(help_text="When this vintage was released.")
    note = TextField("note", help_text="What has to be known to read it, or null.")
    sources = serializers.SerializerMethodField(help_text="Keys of the publications.")

    def get_sources(self, row) -> list[str]:
        """Return the keys in order."""
        return sorted(source.key for source in row.sources.all())


class ObservationPageSerializer(serializers.Serializer):
    """Some figures, and where the next ones are."""

    data = ObservationSerializer(many=True, help_text="The figures.")
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    as_of = serializers.DateField(help_text="The day as known on which the figures are given.")


class FrameworkSerializer(serializers.Serializer):
    """Where indicators are defined."""

    slug = serializers.CharField(help_text="Its code.")
    name = TextField("name", help_text="Its name.")
    kind = serializers.CharField(help_text="own: with figures; names: names only.")
    publisher = serializers.CharField(help_text="Who publishes it; may be empty.")
    url = serializers.CharField(help_text="Its own page; may be empty.")
    indicators = serializers.IntegerField(
        source="number", help_text="How many public indicators it has."
    )


class FrameworkPageSerializer(serializers.Serializer):
    """Some frameworks, and where the next ones are."""

    data = FrameworkSerializer(many=True, help_text="The frameworks.")
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")


class PlaceSerializer(serializers.Serializer):
    """A territory that figures are about."""

    code = serializers.CharField(help_text="BXL, BE, EU, a country, or a NIS code.")
    kind = serializers.CharField(help_text="region, country, union, municipality or city.")
    name = TextField("name", help_text="Its name.")
    short_name = TextField("short_name", help_text="Its short name.")


class PlacePageSerializer(serializers.Serializer):
    """Some places, and where the next ones are."""

    data = PlaceSerializer(many=True, help_text="The places.")
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")


class LatestSerializer(serializers.Serializer):
    """The last measured figure of the indicator’s own place."""

    period = serializers.CharField(help_text="Of when it is.")
    value = NumberField(help_text="The value.")
    value_exact = ExactField(source="value", help_text="The value, exact.")
    flag = serializers.CharField(help_text="Its flags.")
    disputed = serializers.BooleanField(help_text="Another source contradicts it.")
    vintage = serializers.IntegerField(help_text="Its vintage.")
    released_at = serializers.DateTimeField(help_text="When this vintage was released.")


class LicenceSerializer(serializers.Serializer):
    """Under what conditions the figures may be used again."""

    name = serializers.CharField(help_text="Its name.")
    url = serializers.CharField(help_text="Its address; may be empty.")


class IndicatorSerializer(serializers.Serializer):
    """An indicator with its last figure."""

    code = serializers.CharField(source="indicator.code", help_text="Its code; never changes.")
    framework = serializers.CharField(
        source="indicator.framework.slug", help_text="Code of the framework."
    )
    name = serializers.SerializerMethodField(help_text="Its name.")
    definition = serializers.SerializerMethodField(help_text="What is measured.")
    unit = serializers.SerializerMethodField(help_text="The unit in words.")
    unit_code = serializers.CharField(source="indicator.unit_code", help_text="Code of the unit.")
    geo = serializers.CharField(source="indicator.geo_id", help_text="The place it is about.")
    direction = serializers.CharField(
        source="indicator.direction", help_text="up: higher is better; down; range."
    )
    frequency = serializers.CharField(
        source="indicator.frequency", help_text="A every year, S half-year, Q quarter, M month."
    )
    decimals = serializers.IntegerField(
        source="indicator.decimals", help_text="With how many decimals pages show it."
    )
    theme = serializers.CharField(
        source="indicator.theme.slug", default=None, allow_null=True, help_text="Its theme."
    )
    status = serializers.CharField(source="indicator.status", help_text="published or retired.")
    replaced_by = serializers.SerializerMethodField(help_text="Code of its successor, or null.")
    is_demo = serializers.BooleanField(
        source="indicator.is_demo", help_text="Made up, to show how the portal works."
    )
    latest = LatestSerializer(allow_null=True, help_text="Its last figure, or null.")
    standing = serializers.CharField(
        allow_null=True, help_text="Against the path to the target, or null without one."
    )
    freshness = serializers.CharField(help_text="Whether the next figure should be here by now.")
    licence = serializers.SerializerMethodField(help_text="The licence of the figures.")
    url = serializers.SerializerMethodField(help_text="Its page.")

    @extend_schema_field(TextSerializer)
    def get_name(self, facts: Facts):
        """Return the name."""
        return _text(facts, "name")

    @extend_schema_field(TextSerializer)
    def get_definition(self, facts: Facts):
        """Return the definition."""
        return _text(facts, "definition")

    @extend_schema_field(TextSerializer)
    def get_unit(self, facts: Facts):
        """Return the unit."""
        return _text(facts, "unit")

    @extend_schema_field({"type": ["string", "null"]})
    def get_replaced_by(self, facts: Facts):
        """Return the code of the successor, if the public sees it."""
        successor = facts.indicator.replaced_by
        is_public = successor and successor.status in successor.PUBLIC_STATES
        return successor.code if is_public else None

    @extend_schema_field(LicenceSerializer)
    def get_licence(self, facts: Facts):
        """Return name and address."""
        return LicenceSerializer(licence_named(facts.indicator.licence)).data

    def get_url(self, facts: Facts) -> str:
        """Return the address of the page in the language that was asked for."""
        return self.context["request"].build_absolute_uri(facts.indicator.get_absolute_url())


def _text(facts: Facts, column: str):
    return TextField(column).to_representation(facts.indicator)


class IndicatorPageSerializer(serializers.Serializer):
    """Some indicators, and where the next ones are."""

    data = IndicatorSerializer(many=True, help_text="The indicators.")
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    count = serializers.IntegerField(help_text="How many there are, counted up to 10,000.")


class TargetSerializer(serializers.Serializer):
    """What the value should be at a date."""

    geo = serializers.CharField(source="geo_id", help_text="The place it was set for.")
    period = serializers.CharField(help_text="When it is due.")
    value = NumberField(help_text="The value.")
    value_exact = ExactField(source="value", help_text="The value, exact.")
    upper = NumberField(help_text="Upper end of a range, or null.", allow_null=True)
    kind = serializers.CharField(help_text="legal, political or internal.")
    basis = TextField("basis", help_text="Where it was decided, or null.")
    decided_on = serializers.DateField(allow_null=True, help_text="When; from then on it counts.")
    is_current = serializers.SerializerMethodField(help_text="Counts on the day asked about.")

    def get_is_current(self, target) -> bool:
        """Tell whether the target counts."""
        return target.pk in self.context["current"]


class BaselineSerializer(serializers.Serializer):
    """From where progress is counted."""

    geo = serializers.CharField(source="geo_id", help_text="The place.")
    period = serializers.CharField(help_text="Of when it is.")
    value = NumberField(help_text="The value.")
    value_exact = ExactField(source="value", help_text="The value, exact.")


class VersionSerializer(serializers.Serializer):
    """A method of counting."""

    number = serializers.IntegerField(help_text="Its number.")
    method = TextField("method", help_text="How it is counted.")
    valid_from = serializers.DateField(help_text="From when on.")
    breaks_series = serializers.BooleanField(
        help_text="What was counted before cannot be compared."
    )


class HeadingSerializer(serializers.Serializer):
    """What is said under one heading of the metadata report (ESMS)."""

    heading = serializers.CharField(help_text="Code of the heading.")
    label = serializers.CharField(source="get_heading_display", help_text="Its name.")
    text = TextField("text", help_text="What is said.")


class MappingSerializer(serializers.Serializer):
    """What it is called in another framework."""

    framework = serializers.CharField(source="framework.slug", help_text="The other framework.")
    code = serializers.CharField(help_text="Its code there; may be empty.")
    name = serializers.CharField(help_text="Its name there.")
    match = serializers.CharField(help_text="exact, close or related.")
    verified = serializers.BooleanField(help_text="Whether the name was seen in its document.")


class SourceSerializer(serializers.Serializer):
    """A publication."""

    key = serializers.CharField(help_text="Its key in the list of sources.")
    label = TextField("label", help_text="Its name.")
    reference = serializers.CharField(help_text="Where it was published.")


class FilesSerializer(serializers.Serializer):
    """The addresses of the files, in the language that was asked for."""

    csv = serializers.URLField(help_text="Every current figure as CSV.")
    csvw = serializers.URLField(help_text="What the columns of the CSV mean.")
    json_stat = serializers.URLField(help_text="Every current figure as JSON-stat 2.0.")
    xlsx = serializers.URLField(help_text="A workbook.")
    observations = serializers.URLField(help_text="The figures in this API.")


class IndicatorDetailSerializer(IndicatorSerializer):
    """An indicator with everything that is known of it but its figures."""

    kind = serializers.CharField(
        source="indicator.kind", help_text="input, output, outcome or context."
    )
    coverage = serializers.SerializerMethodField(help_text="Whom or what it covers, or null.")
    confidentiality = serializers.SerializerMethodField(help_text="What is withheld, or null.")
    source_text = serializers.SerializerMethodField(help_text="Whence the figures, or null.")
    lag_days = serializers.IntegerField(
        source="indicator.lag_days", help_text="Days from the end of a period to its figure."
    )
    is_frozen = serializers.BooleanField(
        source="indicator.is_frozen", help_text="No further figure is expected."
    )
    due_on = serializers.DateField(allow_null=True, help_text="When the next figure is due.")
    targets = serializers.SerializerMethodField(help_text="Every target, also former ones.")
    baselines = BaselineSerializer(
        source="indicator.baselines", many=True, help_text="From where progress is counted."
    )
    versions = VersionSerializer(
        source="indicator.versions", many=True, help_text="The methods of counting."
    )
    metadata = HeadingSerializer(
        source="indicator.metadata", many=True, help_text="The metadata report."
    )
    mappings = MappingSerializer(
        source="indicator.mappings", many=True, help_text="Its names in other frameworks."
    )
    sources = SourceSerializer(
        source="indicator.sources", many=True, help_text="Where it was published."
    )
    files = serializers.SerializerMethodField(help_text="Its figures as files.")

    @extend_schema_field(TextSerializer)
    def get_coverage(self, facts: Facts):
        """Return whom or what it covers."""
        return _text(facts, "coverage")

    @extend_schema_field(TextSerializer)
    def get_confidentiality(self, facts: Facts):
        """Return what is withheld."""
        return _text(facts, "confidentiality")

    @extend_schema_field(TextSerializer)
    def get_source_text(self, facts: Facts):
        """Return where the figures come from."""
        return _text(facts, "source_text")

    @extend_schema_field(TargetSerializer(many=True))
    def get_targets(self, facts: Facts):
        """Return every target, and which of them count."""
        context = {"current": {each.pk for each in facts.targets}}
        rows = facts.indicator.targets.all()
        return TargetSerializer(rows, many=True, context=context).data

    @extend_schema_field(FilesSerializer)
    def get_files(self, facts: Facts):
        """Return the addresses of the files."""
        absolute, code = self.context["request"].build_absolute_uri, facts.indicator.code
        csv, csvw, json_stat, xlsx = (
            absolute(reverse("kpi:indicator-data", args=[code, kind])) for kind in KINDS
        )
        rows = absolute(f"{reverse('api:observation-list')}?indicator={code}")
        return {
            "csv": csv,
            "csvw": csvw,
            "json_stat": json_stat,
            "xlsx": xlsx,
            "observations": rows,
        }
