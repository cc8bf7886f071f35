package partyline.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheTest {

    @Test
    void what_was_not_used_for_the_longest_goes_unless_it_is_busy() {
        Map<String, Boolean> busy = Cache.used(3, it -> !it);
        busy.put("a", false);
        busy.put("b", false);
        busy.put("c", false);
        assertThat(busy.get("a")).isFalse();

        busy.put("d", true);
        assertThat(busy).containsOnlyKeys("c", "a", "d");
        busy.put("e", false);
        busy.put("f", false);
        assertThat(busy).containsOnlyKeys("d", "e", "f");
        busy.put("g", false);

        assertThat(busy).containsOnlyKeys("d", "e", "f", "g");
    }

    @Test
    void what_was_put_in_first_goes_first() {
        Map<String, Boolean> two = Cache.newest(2);
        two.put("a", true);
        two.put("b", true);
        assertThat(two.get("a")).isTrue();

        two.put("c", true);

        assertThat(two).containsOnlyKeys("b", "c");
    }
}
