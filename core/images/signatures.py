"""What a file is, by how it begins: pictures that are read, and files of other kinds."""

import struct

PICTURES = (  # how files of the readable kinds begin
    (b"\xff\xd8", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
)
BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"miaf")
SCANS = ("DICOM", "NIfTI", "NRRD", "FITS", "MRC")  # numbers without a fixed black and white
BRIGHT = ("Radiance HDR", "OpenEXR")  # light without a fixed white
_MRC = b"MAP "
_OTHERS = (  # how files of other kinds begin
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\xd0\xcf\x11\xe0", "Office"),
    (b"8BPS", "Photoshop"),
    (b"gimp xcf", "GIMP"),
    (b"%!PS", "PostScript"),
    (b"\x00\x00\x00\x0cjP", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\x00\x00\x01\x00", "Windows icon"),
    (b"icns", "Apple icon"),
    (b"\x00\x00\x00\x0cJXL", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"II\xbc", "JPEG XR"),
    (b"DDS ", "DDS"),
    (b"qoif", "QOI"),
    (b"BPG\xfb", "BPG"),
    (b"FLIF", "FLIF"),
    (b"\x59\xa6\x6a\x95", "Sun raster"),
    (b"\x01\xda\x00\x01", "SGI"),
    (b"\x01\xda\x01\x01", "SGI"),
    (b"\x0a\x05\x01\x08", "PCX"),
    (b"AT&TFORM", "DjVu"),
    (b"MM\0+", "BigTIFF (big-endian)"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"#?RGBE", "Radiance HDR"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"SIMPLE  =", "FITS"),
    (b"NRRD000", "NRRD"),
    (b"II*\0\x10\0\0\0CR", "CR2 (camera raw)"),
    (b"\0\0\0\x18ftypcrx", "CR3 (camera raw)"),
    (b"IIRO", "ORF (camera raw)"),
    (b"IIRS", "ORF (camera raw)"),
    (b"MMOR", "ORF (camera raw)"),
    (b"IIU\0", "RW2 (camera raw)"),
    (b"FUJIFILMCCD-RAW", "RAF (camera raw)"),
    (b"FOVb", "X3F (camera raw)"),
    (b"\x89HDF", "HDF5"),
    (b"CDF\x01", "NetCDF"),
    (b"CDF\x02", "NetCDF"),
    (b"MATLAB 5.0", "MATLAB"),
    (b"\x93NUMPY", "NumPy"),
    (b"ZISRAWFILE", "CZI"),
    (b"GRIB", "GRIB"),
    (b"\x1a\x45\xdf\xa3", "Matroska video"),
    (b"\x00\x00\x01\xba", "MPEG video"),
)
_PORTABLE = {b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"P7", b"PF", b"Pf"}  # PBM, PGM, PPM, PFM
_START_OF_FRAME = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}


def picture(data: bytes) -> str:
    """Name the readable kind that the bytes begin like; nothing for all else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "HEIC or AVIF" if data[8:12] in BRANDS else ""
    return next((kind for start, kind in PICTURES if data.startswith(start)), "")


def other(data: bytes) -> str:
    """Name the kind of a file that is no readable picture; nothing for all else."""
    kind = next((kind for start, kind in _OTHERS if data.startswith(start)), "")
    return kind or _deep(data) or _video(data)


def _deep(data: bytes) -> str:
    """Tell kinds that show themselves further on, or by more than a word."""
    if data[128:132] == b"DICM" or data[:8] in (b"\x08\0\x05\0CS\x0a\0", b"\x02\0\0\0UL\x04\0"):
        return "DICOM"
    if data[344:348] in (b"n+1\0", b"ni1\0"):
        return "NIfTI"
    if data[208:212] == _MRC:
        return "MRC"
    if data[:2] in _PORTABLE and data[2:3] in (b"\n", b"\r", b" ", b"\t"):
        return "PFM" if data[:2] in (b"PF", b"Pf") else "PPM"
    if data[-18:-1] == b"TRUEVISION-XFILE.":
        return "TGA"
    return ""


def _video(data: bytes) -> str:
    if data[:4] == b"RIFF":
        return {b"AVI ": "AVI video", b"WAVE": "WAV"}.get(data[8:12], "")
    if data[4:8] == b"ftyp" and data[8:12] not in BRANDS:
        return "QuickTime video" if data[8:12] == b"qt  " else "MP4 video"
    return ""


def odd_jpeg(data: bytes) -> str:
    """Name the kind of a JPEG that is whole and not of 8 bits, or that is none but in name."""
    offset = 2
    while data[offset : offset + 1] == b"\xff" and offset + 9 < len(data):
        marker, (length,) = data[offset + 1], struct.unpack(">H", data[offset + 2 : offset + 4])
        if marker == 0xFF:  # padding
            offset += 1
            continue
        if marker in _START_OF_FRAME:
            return _frame(marker, data[offset + 4])
        offset += 2 + length
    return ""


def _frame(marker: int, bits: int) -> str:
    if marker == 0xF7:
        return "JPEG-LS"
    if marker in (0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF):
        return "hierarchical JPEG"
    return f"{bits}-bit JPEG" if bits in range(9, 17) else ""
