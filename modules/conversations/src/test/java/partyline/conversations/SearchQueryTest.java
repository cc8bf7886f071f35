package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.conversations.SearchHit.Part;

class SearchQueryTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "at five             | Let us meet at five | Let us meet [at] [five]",
                "FIVE meet           | Let us meet at five | Let us [meet] at [five]",
                "fi                  | meet at five        | meet at [five]",
                "me* at              | meet at five        | [meet] [at] five",
                "\"at five\"         | meet at five        | meet [at five]",
                "\"at five           | meet at five        | meet [at five]",
                "a@b.exam            | to A@B.example now  | to [A@B.example] now",
                "creme               | Crème brûlée        | [Crème] brûlée",
                "京都                 | 東京都へ行く          | 東[京都]へ行く",
                "都                   | 東京都へ行く          | 東京[都]へ行く",
                "行く                 | 東京都へ行く          | 東京都へ[行く]",
                "く                   | 東京都へ行く          | 東京都へ行[く]",
                "\"東京 hotel\"       | in 東京 Hotel.       | in [東京 Hotel].",
                "👍                   | fine 👍🏽 then        | fine [👍]🏽 then",
                "AND OR NOT NEAR     | near and not or     | [near] [and] [not] [or]",
            })
    void what_is_looked_for_is_found_and_marked(String query, String text, String marked) {
        assertThat(query(query).matches(text)).isTrue();
        assertThat(marked(query, text)).isEqualTo(marked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "me at           | meet at five",
                "eet             | meet at five",
                "\"five at\"     | meet at five",
                "\"at fi\"       | meet at five",
                "meet six        | meet at five",
                "京東             | 東京都",
                "a.b             | b a",
            })
    void what_is_not_there_is_not_found(String query, String text) {
        assertThat(query(query).matches(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"", "\"\"", "*", "!?", "( ) ^ : -", "\"*\" '"})
    void without_a_word_there_is_no_query(String text) {
        assertThat(SearchQuery.of(text)).isEmpty();
    }

    @Test
    void a_snippet_of_a_long_text_shows_what_is_around_the_first_match_and_says_where_it_was_cut() {
        String text = "before ".repeat(100) + "Zanzibar " + "after ".repeat(100) + "Zanzibar";

        List<Part> snippet = SearchHit.snippet(text, query("zanzibar").spans(text));

        assertThat(snippet).extracting(Part::match).containsExactly(false, true, false);
        assertThat(snippet.getFirst().text()).startsWith("…before ").endsWith("before ");
        assertThat(snippet.get(1).text()).isEqualTo("Zanzibar");
        assertThat(snippet.getLast().text()).startsWith(" after").endsWith("…");
        assertThat(said(snippet)).hasSizeBetween(150, 165);
    }

    @Test
    void a_snippet_never_cuts_a_character_in_two() {
        for (int at = 0; at < 4; at++) {
            String text = "x".repeat(at) + "😀".repeat(300) + " Zanzibar " + "😀".repeat(300);

            String said = said(SearchHit.snippet(text, query("zanzibar").spans(text)));

            assertThat(said.codePoints()).noneMatch(it -> Character.getType(it) == Character.SURROGATE);
            assertThat(said).contains("Zanzibar");
        }
    }

    @Test
    void a_match_at_the_end_of_a_long_text_is_shown_with_what_is_before_it() {
        String text = "before ".repeat(100) + "Zanzibar";

        List<Part> snippet = SearchHit.snippet(text, query("zanzibar").spans(text));

        assertThat(snippet).extracting(Part::match).containsExactly(false, true);
        assertThat(said(snippet)).startsWith("…").endsWith("Zanzibar");
    }

    private static SearchQuery query(String text) {
        return SearchQuery.of(text).orElseThrow();
    }

    private static String marked(String query, String text) {
        return SearchHit.snippet(text, query(query).spans(text)).stream()
                .map(part -> part.match() ? "[" + part.text() + "]" : part.text())
                .collect(Collectors.joining());
    }

    private static String said(List<Part> snippet) {
        return snippet.stream().map(Part::text).collect(Collectors.joining());
    }
}
