package partyline.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;

class ContactCardsTest {

    private static final String URL = "https://partyline.example/media/" + "t".repeat(43) + "/avatar.png";
    private static final String CARD = """
            BEGIN:VCARD
            VERSION:3.0
            N:;Echo;;;
            FN:Echo
            TEL:+12025550101
            NOTE:PHOTO;VALUE=uri:https://elsewhere.example/a.png
            %sEND:VCARD
            """.replace("\n", "\r\n");
    private static final Attachments NOTHING = url -> {
        throw new IOException("nothing is behind " + url);
    };

    @Test
    void a_card_without_a_picture_goes_out_as_it_is() {
        assertThat(ContactCards.whole(CARD.formatted(""), NOTHING)).isEqualTo(CARD.formatted(""));
    }

    @Test
    void the_picture_is_put_in_place_of_its_address() {
        byte[] picture = new byte[100_000];
        new Random(1).nextBytes(picture);
        String folded = "PHOTO;TYPE=png;VALUE=uri:" + URL.substring(0, 40) + "\r\n " + URL.substring(40) + "\r\n";

        String whole = ContactCards.whole(CARD.formatted(folded), url -> {
            assertThat(url).isEqualTo(URL);
            return new Attachment("avatar.png", "image/png", picture.length, new ByteArrayInputStream(picture));
        });

        assertThat(whole.lines()).allMatch(line -> line.length() <= 75);
        String base64 = Base64.getEncoder().encodeToString(picture);
        assertThat(whole.replace("\r\n ", ""))
                .isEqualTo(CARD.formatted("PHOTO;ENCODING=b;TYPE=PNG:" + base64 + "\r\n"));
    }

    @Test
    void a_picture_that_is_gone_holds_up_no_card() {
        String card = CARD.formatted("PHOTO;TYPE=png;VALUE=uri:" + URL + "\r\n");

        assertThat(ContactCards.whole(card, NOTHING)).isEqualTo(CARD.formatted(""));
    }
}
