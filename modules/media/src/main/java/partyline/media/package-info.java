/// Files that agents upload and people send: [MediaFiles][partyline.media.MediaFiles].
///
/// It keeps their bytes in a folder and a row for each in the database, gives them addresses that cannot be guessed,
/// and forgets them in time. It knows nothing of messages and lines, nor of HTTP requests.
///
/// `docs/media.md` tells why it is so.
@NullMarked
package partyline.media;

import org.jspecify.annotations.NullMarked;
