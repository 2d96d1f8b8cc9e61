using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.DuckDb;

/// <summary>Every type of the engine comes from both sides, through Arrow and into the table, as the same exact text.</summary>
public sealed class TypesTests(BrowserHub hub)
{
    [Fact]
    public Task Numbers_are_exact() => ReadTheSameAsync(
        ("1::TINYINT", "1"), ("(-32768)::SMALLINT", "-32,768"), ("255::UTINYINT", "255"), ("18446744073709551615::UBIGINT", "18,446,744,073,709,551,615"),
        ("9007199254740993", "9,007,199,254,740,993"), ("sum(x)", "45"), ("sum(x) * -1000", "-45,000"),
        ("170141183460469231731687303715884105727::HUGEINT", "170,141,183,460,469,231,731,687,303,715,884,105,727"),
        ("(-170141183460469231731687303715884105727)::HUGEINT", "-170,141,183,460,469,231,731,687,303,715,884,105,727"),
        ("340282366920938463463374607431768211455::UHUGEINT", "340,282,366,920,938,463,463,374,607,431,768,211,455"),
        ("'1234567890123456789012345678901234567890123'::BIGNUM", "1,234,567,890,123,456,789,012,345,678,901,234,567,890,123"), ("'-5'::BIGNUM", "-5"),
        ("1.50::DECIMAL(9,2)", "1.50"), ("(-0.05)::DECIMAL(4,2)", "-0.05"), ("1234567.891::DECIMAL(18,3)", "1,234,567.891"),
        ("'-12345678901234567890123456789.012345678'::DECIMAL(38,9)", "-12,345,678,901,234,567,890,123,456,789.012345678"), ("7::DECIMAL(20,0)", "7"),
        ("0.1", "0.1"), ("0.1::FLOAT", "0.1"), ("0.1::DOUBLE + 0.2::DOUBLE", "0.3"), ("'nan'::DOUBLE", "NaN"), ("NULL::INTEGER", "NULL"));

    [Fact]
    public Task Times_are_exact() => ReadTheSameAsync(
        ("DATE '2025-02-28'", "2025-02-28"), ("DATE '1812-01-01'", "1812-01-01"), ("DATE '0044-03-15 (BC)'", "0044-03-15 (BC)"), ("DATE '300000-01-01'", "300000-01-01"),
        ("DATE 'infinity'", "infinity"), ("DATE '-infinity'", "-infinity"), ("TIMESTAMP '2025-02-28 12:34:56.789012'", "2025-02-28 12:34:56.789012"),
        ("TIMESTAMP '1969-12-31 23:59:59.5'", "1969-12-31 23:59:59.5"), ("TIMESTAMP 'infinity'", "infinity"), ("TIMESTAMP_S '2025-02-28 12:34:56'", "2025-02-28 12:34:56"),
        ("TIMESTAMP_MS '2025-02-28 12:34:56.7'", "2025-02-28 12:34:56.7"), ("TIMESTAMP_NS '2025-02-28 12:34:56.789012345'", "2025-02-28 12:34:56.789012345"),
        ("TIMESTAMPTZ '2025-02-28 12:34:56.5+02'", "2025-02-28 10:34:56.5+00"), ("TIME '01:02:03'", "01:02:03"), ("TIME '23:59:59.999999'", "23:59:59.999999"),
        ("INTERVAL 3 DAY", "3 days"),
        ("INTERVAL '1 year 2 months 1 day 00:00:01.5'", "1 year 2 months 1 day 00:00:01.5"), ("INTERVAL '-90 minutes'", "-01:30:00"), ("INTERVAL 0 DAY", "00:00:00"));

    [Fact]
    public Task Words_and_what_is_made_of_others_are_whole() => ReadTheSameAsync(
        ("'ä’漢🚲'", "ä’漢🚲"), ("''", ""), ("'NULL'", "NULL"), ("true", "true"), ("'\\xAB a\\x00'::BLOB", "\\xAB a\\x00"),
        ("'00112233-4455-6677-8899-aabbccddeeff'::UUID", "00112233-4455-6677-8899-aabbccddeeff"),
        ("[1, NULL, 3]", "[1, NULL, 3]"), ("[]::INT[]", "[]"), ("[[true], [false, NULL]]", "[[true], [false, NULL]]"), ("[1.5, 2.5]::DECIMAL(4,1)[2]", "[1.5, 2.5]"),
        ("{'x': 1::HUGEINT, 'y': {'z': DATE '2025-02-28'}}", "{x: 1, y: {z: 2025-02-28}}"), ("MAP {'k': 2.50, 'l': NULL}", "{k=2.50, l=NULL}"),
        ("union_value(n := 7)", "7"), ("[INTERVAL 1 MONTH]", "[1 month]"));

    [Fact]
    public Task What_a_tab_would_show_wrong_it_does_not_show() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.WhereAsync("in this tab");
        await demo.RunAsync("SELECT 'b'::ENUM('a', 'b') AS e");
        await Expect(demo.Trouble).ToHaveTextAsync("The engine in this tab cannot send the words of an ENUM: cast the column to VARCHAR, or ask your backend.");
        await demo.RunAsync("SELECT 6 * 7 AS answer");
        await Expect(demo.Chart).ToHaveAttributeAsync("aria-label", "answer: 42");
    }, DuckDbPage.Options);

    // DuckDB for WebAssembly says nothing of them but the type they travel as: a time without its zone, and bytes.
    [Fact]
    public Task What_only_the_backend_tells_apart_is_exact_there() => ReadAsync(["on my backend"],
        [("TIMETZ '01:02:03.5+02'", "01:02:03.5+02"), ("TIMETZ '01:02:03-05:30'", "01:02:03-05:30"), ("'0101'::BIT", "0101"), ("'b'::ENUM('a', 'b')", "b"), ("['d'::ENUM('c', 'd')]", "[d]"),
            ("[TIMETZ '00:00:00+00', NULL]", "[00:00:00+00, NULL]")]);

    private Task ReadTheSameAsync(params (string Sql, string Text)[] values) => ReadAsync(["in this tab", "on my backend"], values);

    private Task ReadAsync(string[] sides, (string Sql, string Text)[] values) => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        var sql = $"SELECT {string.Join(", ", values.Select((value, i) => $"{value.Sql} AS c{i}"))} FROM range(10) t(x)" + (values.Any(value => value.Sql.Contains("(x)", StringComparison.Ordinal)) ? "" : " LIMIT 1");
        foreach (var where in sides)
        {
            await demo.WhereAsync(where);
            await demo.RunAsync(sql);
            await Expect(demo.About).ToContainTextAsync("1 row");
            Assert.Equal(values.Select(value => $"{value.Sql} is {value.Text}"), (await demo.TableAsync())[0].Select((text, i) => $"{values[i].Sql} is {text}"));
        }
    }, DuckDbPage.Options);
}
