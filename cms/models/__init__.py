from cms.models.files import Document, Image, Rendition
from cms.models.pages import ContentPage, HomePage, PageAudience, StandardPage
from cms.models.uses import LessonGrade, LessonUse
from cms.models.works import ArticlePage, LessonPage, WorkAuthor, WorkPage

__all__ = [
    "ArticlePage",
    "ContentPage",
    "Document",
    "HomePage",
    "Image",
    "LessonGrade",
    "LessonPage",
    "LessonUse",
    "PageAudience",
    "Rendition",
    "StandardPage",
    "WorkAuthor",
    "WorkPage",
]
