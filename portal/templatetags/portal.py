"""Tags of the portal's own pages: ``{% load portal %}``."""

from django import template

from portal.answers import answer_to

register = template.Library()
register.simple_tag(answer_to)
