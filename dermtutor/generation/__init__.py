"""From a case specification to an image: learned lesions, recipes, composition, weights."""
