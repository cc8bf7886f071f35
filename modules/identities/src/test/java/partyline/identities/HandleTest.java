package partyline.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandleTest {

    @ParameterizedTest
    @CsvSource({"echo, echo", "@echo, echo", "@EchO, echo", "a-1, a-1", "007, 007", "a--b, a--b"})
    void a_handle_is_read_in_any_case_and_with_or_without_an_at_sign(String text, String handle) {
        assertThat(Handle.parse(text)).contains(new Handle(handle));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "a",
                "ab",
                "@@echo",
                "-echo",
                "echo-",
                "e cho",
                "echo ",
                "echo\n",
                "e_cho",
                "e.cho",
                "écho",
                "эхо",
                "echo@",
                "@İstanbul"
            })
    void other_texts_are_no_handles(String text) {
        assertThat(Handle.parse(text)).isEmpty();
    }

    @Test
    void a_handle_has_three_to_sixty_three_characters() {
        assertThat(Handle.parse("abc")).isPresent();
        assertThat(Handle.parse("a".repeat(63))).isPresent();
        assertThat(Handle.parse("a".repeat(64))).isEmpty();
        assertThat(Handle.parse("a".repeat(100_000))).isEmpty();
    }

    @Test
    void a_handle_is_kept_in_lower_case_without_the_at_sign_and_shown_with_it() {
        assertThat(new Handle("echo")).hasToString("@echo");
        assertThatThrownBy(() -> new Handle("@echo")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Handle("Echo")).isInstanceOf(IllegalArgumentException.class);
    }
}
