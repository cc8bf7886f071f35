package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TimestampsTest {

    @Property
    void an_instant_comes_back_from_the_database_to_the_microsecond(@ForAll("instants") Instant instant) {
        Instant back = Timestamps.instant(Timestamps.micros(instant));

        assertThat(back).isEqualTo(instant.truncatedTo(ChronoUnit.MICROS));
    }

    @Property
    void the_wire_shows_utc_with_at_most_six_fractional_digits(@ForAll("instants") Instant instant) {
        String text = Timestamps.iso(instant);

        assertThat(text).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3}|\\.\\d{6})?Z");
        assertThat(Instant.parse(text)).isEqualTo(instant.truncatedTo(ChronoUnit.MICROS));
    }

    @Property
    void the_wire_and_the_database_tell_the_same_instant(@ForAll("instants") Instant instant) {
        assertThat(Timestamps.iso(Timestamps.instant(Timestamps.micros(instant))))
                .isEqualTo(Timestamps.iso(instant));
    }

    @Provide
    Arbitrary<Instant> instants() {
        long first = Instant.EPOCH.getEpochSecond();
        long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        return Combinators.combine(
                        Arbitraries.longs().between(first, last),
                        Arbitraries.integers()
                                .between(0, 999_999_999)
                                .edgeCases(it -> it.add(0, 999, 1_000, 999_000_000)))
                .as((second, nano) -> Instant.ofEpochSecond(second, nano));
    }
}
