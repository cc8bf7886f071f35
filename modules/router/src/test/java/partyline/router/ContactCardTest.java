package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.router.Agents.LINE;
import static partyline.router.Agents.ROUTER;
import static partyline.router.Agents.agent;

import ezvcard.Ezvcard;
import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.parameter.ImageType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.identities.Identity;
import partyline.testkit.Seeds;

class ContactCardTest {

    private static final List<String> WORDS = List.of(
            "a", " ", ";", ",", "\\", "\n", "\r\n", ":", "^", "\"", "=", "é", "日本", "🤖", "TEL:+1", "END:VCARD");

    @Test
    void a_card_names_the_agent_its_number_and_the_way_out() {
        VCard card =
                parsed(ContactCard.of(agent("echo", "Echo", "Says what you say."), Optional.empty(), LINE, ROUTER));

        assertThat(card.getVersion()).isEqualTo(VCardVersion.V3_0);
        assertThat(card.validate(VCardVersion.V3_0)).isEmpty();
        assertThat(card.getFormattedName().getValue()).isEqualTo("Echo");
        assertThat(card.getStructuredName().getGiven()).as("what phones show").isEqualTo("Echo");
        assertThat(card.getPhotos()).isEmpty();
        assertThat(card.getTelephoneNumbers()).extracting(it -> it.getText()).containsExactly(LINE.text());
        assertThat(card.getNotes())
                .singleElement()
                .satisfies(note -> assertThat(note.getValue())
                        .startsWith("Says what you say.")
                        .contains("Automated agent")
                        .contains("disconnect @echo")
                        .contains(ROUTER.text()));
    }

    @Test
    void a_picture_is_an_address_until_the_card_is_sent() {
        String url = "https://partyline.example/media/" + "x".repeat(43) + "/avatar.jpg";

        VCard card = parsed(ContactCard.of(agent("echo", "Echo", null), Optional.of(url), LINE, ROUTER));

        assertThat(card.validate(VCardVersion.V3_0)).isEmpty();
        assertThat(card.getPhotos()).singleElement().satisfies(photo -> {
            assertThat(photo.getUrl()).isEqualTo(url);
            assertThat(photo.getContentType()).isEqualTo(ImageType.JPEG);
        });
    }

    @Test
    void an_agent_without_a_name_goes_by_its_handle() {
        VCard card = parsed(ContactCard.of(agent("echo", " ", null), Optional.empty(), LINE, ROUTER));

        assertThat(card.getFormattedName().getValue()).isEqualTo("echo");
        assertThat(card.getNotes())
                .singleElement()
                .satisfies(note -> assertThat(note.getValue()).startsWith("Automated agent"));
    }

    @Test
    void an_agent_that_does_not_share_who_it_is_has_its_handle_and_number_on_the_card() {
        Identity named = agent("echo", "Echo", "Says what you say.");
        Identity quiet = named.with(
                named.handle(), new Identity.Profile("Echo", "Says what you say.", false), true, named.filterModes());

        VCard card = parsed(ContactCard.of(quiet, Optional.of("https://a.example/avatar.png"), LINE, ROUTER));

        assertThat(card.getFormattedName().getValue()).isEqualTo("echo");
        assertThat(card.getPhotos()).isEmpty();
        assertThat(card.getTelephoneNumbers()).extracting(it -> it.getText()).containsExactly(LINE.text());
        assertThat(card.getNotes())
                .singleElement()
                .satisfies(note -> assertThat(note.getValue()).startsWith("Automated agent"));
    }

    @Test
    void a_name_cannot_write_further_lines_into_the_card() {
        String name = "Echo\r\nTEL:+12025550199\nEND:VCARD; a, b \\n c";

        VCard card = parsed(ContactCard.of(agent("echo", name, null), Optional.empty(), LINE, ROUTER));

        assertThat(card.getTelephoneNumbers()).extracting(it -> it.getText()).containsExactly(LINE.text());
        assertThat(lines(card.getFormattedName().getValue())).isEqualTo(lines(name));
    }

    @Test
    void no_character_that_a_phone_may_take_for_the_end_of_a_line_stands_in_a_card() {
        String odd = "a\u0085TEL:1\u2028b\u2029c\u000Bd\u000Ce\u0000f\u202Eg\u2066h\u0001";

        String card = ContactCard.of(agent("echo", odd, odd), Optional.empty(), LINE, ROUTER);

        assertThat(card).doesNotContainPattern("[\\p{Cc}\\u2028\\u2029\\u202E\\u2066&&[^\\r\\n]]");
        assertThat(parsed(card).getFormattedName().getValue()).isEqualTo("a\nTEL:1\nb\nc\nd\nefgh");
        assertThat(parsed(card).getTelephoneNumbers())
                .extracting(it -> it.getText())
                .containsExactly(LINE.text());
    }

    @Test
    void whatever_an_agent_says_of_itself_comes_back_from_its_card() {
        Seeds.each(300, random -> comesBack(Seeds.text(random, 60, WORDS), Seeds.text(random, 60, WORDS)));
    }

    private static void comesBack(String name, String description) {
        VCard card = parsed(
                ContactCard.of(agent("echo", "x" + name, "y" + description + "z"), Optional.empty(), LINE, ROUTER));

        assertThat(lines(card.getFormattedName().getValue())).isEqualTo(lines("x" + name));
        assertThat(lines(card.getNotes().getFirst().getValue())).startsWith(lines("y" + description + "z"));
        assertThat(card.getTelephoneNumbers()).extracting(it -> it.getText()).containsExactly(LINE.text());
    }

    private static VCard parsed(String text) {
        List<VCard> cards = Ezvcard.parse(text).all();
        assertThat(cards).hasSize(1);
        return cards.getFirst();
    }

    /// A card knows one kind of line end.
    private static String lines(String text) {
        return text.replaceAll("\\r\\n|\\r|\\n", "\n");
    }
}
