"""The texts of Thaw in other languages: a thaw.po for each, which people edit."""
