// DuckDB's words, and the columns of the tables, for the editor: what lang-sql brings is other databases', and it offers columns only behind a table's name.
import { SQLDialect, sql } from '@codemirror/lang-sql';
import { syntaxTree } from '@codemirror/language';

const KEYWORDS = `all and anti any as asc asof between by case cast columns create cross cube current default delete desc describe distinct drop else end except exclude
exists explain extract false filter first following from full group grouping having if ilike in inner insert intersect interval into is join last lateral left like limit
macro natural not null nulls offset on or order outer over partition pivot positional preceding qualify range recursive replace returning right rollup row rows sample select
semi set sets similar some summarize table tablesample temp temporary then to true try_cast unbounded union unnest unpivot update using values view when where window with`;

const TYPES = `bigint blob boolean date decimal double float hugeint int integer interval list map real smallint struct text time timestamp timestamptz tinyint ubigint uinteger
usmallint utinyint uuid varchar`;

const FUNCTIONS = `abs any_value approx_count_distinct approx_quantile arg_max arg_min avg bar ceil coalesce concat contains corr count date_diff date_part date_trunc dayname dayofweek
dense_rank epoch first_value floor generate_series greatest hash histogram hour lag last_value lead least length list ln log lower max median min minute mode month monthname
ntile percent_rank quantile_cont random range rank regexp_matches repeat round row_number sin cos sqrt starts_with stddev strftime strlen substring sum time_bucket trim upper
variance week weekday year`;

const DuckDB = SQLDialect.define({
  keywords: KEYWORDS.replace(/\s+/g, ' '), types: TYPES.replace(/\s+/g, ' '), builtin: FUNCTIONS.replace(/\s+/g, ' '),
  doubleQuotedStrings: false, hashComments: false, slashComments: true, operatorChars: '*+-%<>!=&|~^/:@', specialVar: '',
});

/** @param {Record<string, readonly string[]>} schema the columns of each table */
export function duckdb(schema) {
  const language = sql({ dialect: DuckDB, schema, upperCaseKeywords: true });
  return [language, DuckDB.language.data.of({ autocomplete: (context) => columns(context, schema) })];
}

/** The columns of the tables that the text names; of all, where it names none yet. */
function columns(context, schema) {
  const word = context.matchBefore(/\w+/);
  if (!word && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  // lang-sql knows these: columns of a table that is named, and tables.
  if (/(\.|\b(from|join|table|describe|summarize)\s+)$/i.test(context.state.sliceDoc(Math.max(0, from - 40), from))) return null;
  if (['String', 'LineComment', 'BlockComment'].includes(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
  const text = context.state.doc.toString();
  const named = Object.keys(schema).filter((table) => new RegExp(`\\b${table}\\b`, 'i').test(text));
  const options = (named.length > 0 ? named : Object.keys(schema))
    .flatMap((table) => schema[table].map((label) => ({ label, detail: table, type: 'property', boost: 10 })));
  return { from, options, validFor: /^\w*$/ };
}
