package exhibit

import (
	"bytes"
	"encoding/binary"
)

// WithoutPlace is a photo without what a camera writes beside the picture: where
// it was taken, when, by which device (EXIF, XMP, IPTC; in PNG the text chunks).
// How it is to be turned stays. The picture itself is the same, byte for byte;
// what is neither JPEG nor PNG comes back as it is.
func WithoutPlace(photo []byte) []byte {
	switch formOf(photo) {
	case JPEG:
		return bareJPEG(photo)
	case PNG:
		return barePNG(photo)
	}
	return photo
}

// bareJPEG leaves out the segments APP1 (EXIF, XMP), APP13 (IPTC) and comments, up
// to the picture (ITU-T T.81, B.1.1.2).
func bareJPEG(photo []byte) []byte {
	const (
		soi, sos, com = 0xd8, 0xda, 0xfe
		app1, app13   = 0xe1, 0xed
	)
	bare := []byte{0xff, soi}
	for i := 2; i+4 <= len(photo) && photo[i] == 0xff; {
		kind, size := photo[i+1], int(binary.BigEndian.Uint16(photo[i+2:]))
		if kind == sos {
			return append(bare, photo[i:]...)
		}
		end := i + 2 + size
		if size < 2 || end > len(photo) {
			break
		}
		switch kind {
		case app1:
			if turn := orientation(photo[i+4 : end]); turn > 1 {
				bare = append(bare, turned(turn)...)
			}
		case app13, com:
		default:
			bare = append(bare, photo[i:end]...)
		}
		i = end
	}
	return photo // of a form we do not know: the inspection refuses what is none
}

// orientation is tag 0x0112 of an EXIF segment (CIPA DC-008); 0: it says nothing.
func orientation(segment []byte) uint16 {
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 0
	}
	for n := range int(order.Uint16(tiff[at:])) {
		entry := at + 2 + 12*n
		if entry+12 > len(tiff) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if turn := order.Uint16(tiff[entry+8:]); turn <= 8 {
				return turn
			}
			return 0
		}
	}
	return 0
}

// turned is an EXIF segment that says the orientation alone.
func turned(turn uint16) []byte {
	body := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	body = binary.BigEndian.AppendUint16(body, turn)
	body = append(body, 0, 0, 0, 0, 0, 0)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(head, body...)
}

// barePNG leaves out the chunks of texts and EXIF (PNG, third edition, 11.3).
func barePNG(photo []byte) []byte {
	const signature = 8
	bare := append([]byte{}, photo[:signature]...)
	for i := signature; i+12 <= len(photo); {
		end := i + 12 + int(binary.BigEndian.Uint32(photo[i:]))
		if end > len(photo) || end < i {
			return photo
		}
		switch string(photo[i+4 : i+8]) {
		case "eXIf", "tEXt", "iTXt", "zTXt", "tIME":
		default:
			bare = append(bare, photo[i:end]...)
		}
		i = end
	}
	return bare
}
