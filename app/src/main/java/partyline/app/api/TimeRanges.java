package partyline.app.api;

import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRulesProvider;
import java.util.Optional;
import partyline.app.http.ValidationError;
import partyline.conversations.TimeRange;

/// `start_datetime`, `end_datetime` and `tz` of a list. A bare date is a whole day in `tz` (UTC without), a
/// time without an offset is in `tz`, a time with one is that instant. Both ends belong to the range.
final class TimeRanges {

    /// No message is older or newer, and the database can count the microseconds to them.
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private TimeRanges() {}

    static TimeRange of(Context ctx) {
        ZoneId zone =
                Optional.ofNullable(ctx.queryParam("tz")).map(TimeRanges::zone).orElse(ZoneOffset.UTC);
        return new TimeRange(
                Optional.ofNullable(ctx.queryParam("start_datetime"))
                        .map(text -> read("start_datetime", text, zone, false)),
                Optional.ofNullable(ctx.queryParam("end_datetime"))
                        .map(text -> read("end_datetime", text, zone, true)));
    }

    /// The first instant of what `text` names, or with `past` the first one after it.
    private static Instant read(String name, String text, ZoneId zone, boolean past) {
        // A plus that was not percent-encoded arrives as a space.
        String plain = text.strip().replace(' ', text.indexOf('T') > 0 ? '+' : 'T');
        try {
            return within(instant(plain, zone, past));
        } catch (DateTimeException | IndexOutOfBoundsException e) {
            throw ValidationError.query(name, "must be a date (2026-06-09) or a time (2026-06-09T14:30:00Z)");
        }
    }

    private static Instant instant(String plain, ZoneId zone, boolean past) {
        if (plain.length() == 10) {
            LocalDate day = LocalDate.parse(plain);
            return (past ? day.plusDays(1) : day).atStartOfDay(zone).toInstant();
        }
        boolean zoned = plain.endsWith("Z") || plain.substring(10).matches(".*[+-]\\d\\d:?\\d\\d");
        Instant instant =
                zoned ? OffsetDateTime.parse(plain).toInstant() : local(LocalDateTime.parse(plain), zone, past);
        return past ? instant.plus(1, ChronoUnit.MICROS) : instant;
    }

    /// Where clocks are set back a time is there twice: the range takes both. Where they are set forward some are not
    /// there: the moment of the change stands for them.
    private static Instant local(LocalDateTime time, ZoneId zone, boolean past) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        if (change == null) {
            return time.atZone(zone).toInstant();
        }
        if (change.isGap()) {
            return change.getInstant();
        }
        return time.toInstant(past ? change.getOffsetAfter() : change.getOffsetBefore());
    }

    private static Instant within(Instant instant) {
        return instant.isBefore(EARLIEST) ? EARLIEST : instant.isAfter(LATEST) ? LATEST : instant;
    }

    private static ZoneId zone(String name) {
        // ZoneId alone would take offsets such as +05:00 too, which are no names.
        if (!ZoneRulesProvider.getAvailableZoneIds().contains(name)) {
            throw ValidationError.query("tz", "must be an IANA time zone such as Europe/Berlin");
        }
        return ZoneId.of(name);
    }
}
