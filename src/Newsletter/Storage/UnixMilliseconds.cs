using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BrowserTech.Newsletter.Storage;

/// <summary>Stores a time as milliseconds since 1970 in UTC: it sorts and compares alike on every database.</summary>
public sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

/// <summary>Stores an enumeration as its name in lower case, so that a table can be read without the program.</summary>
public sealed class LowerCaseName<TEnum>() : ValueConverter<TEnum, string>(
    value => value.ToString().ToLowerInvariant(),
    name => Enum.Parse<TEnum>(name, ignoreCase: true))
    where TEnum : struct, Enum;
